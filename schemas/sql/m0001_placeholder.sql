create schema if not exists parley;
