// glibc gives threads heaps of their own, up to eight a core, and what is freed in one serves no other. A worker's calls
// are made, answered and recorded by different threads.

#if canImport(Glibc)
    import CMalloc
#endif

/// Has the threads of this process share two heaps. The first call of a process: a thread that has a heap keeps it.
public func shareHeaps() {
    #if canImport(Glibc)
        _ = mallopt(M_ARENA_MAX, 2)
    #endif
}
