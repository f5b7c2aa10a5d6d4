// glibc gives threads heaps of their own, up to eight a core, and what is freed in one serves no other. A worker's calls
// are made, answered and recorded by different threads: with the default, memory grows by a quarter without being used.

#if canImport(Glibc)
    import CMalloc
#endif

/// Has the threads of this process share two heaps. For a process that lives long and hands memory from thread to thread.
public func shareHeaps() {
    #if canImport(Glibc)
        _ = mallopt(M_ARENA_MAX, 2)
    #endif
}
