-- The order of samples: they are numbered in the order in which they are run, and keep their places in the dataset.

set local role parley_owner;

-- The number in the dataset, where it is not `sample_no`.
alter table parley.samples add column dataset_no integer check (dataset_no >= 0);

reset role;
