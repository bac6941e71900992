// SPDX-License-Identifier: GPL-3.0-or-later
// Preloaded into a gateway under measure: counts what each of its threads asks the allocator for, in a file that bench.py
// reads while it runs. SIGNALBOX_BENCH_COUNTS names the file: 64 counters of 64 bits, one a thread, in the order of their
// first allocation.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

// glibc's own names for what is put before it here: no look-up, which would allocate itself.
extern "C" void *__libc_malloc(std::size_t size);
extern "C" void *__libc_calloc(std::size_t count, std::size_t size);
extern "C" void *__libc_realloc(void *old, std::size_t size);

namespace {

constexpr std::size_t slots = 64;

std::array<std::atomic<std::uint64_t>, slots> nowhere; ///< until the file is there
std::atomic<std::uint64_t> *counters = nowhere.data();
std::atomic<std::size_t> threads {0};
thread_local std::size_t ownSlot = slots; ///< slots: none yet

__attribute__((constructor)) void openCounters()
{
    const char *name = std::getenv("SIGNALBOX_BENCH_COUNTS");
    const int file = name ? open(name, O_RDWR | O_CREAT, 0600) : -1;
    if (file < 0)
        return;
    constexpr std::size_t size = slots * sizeof(std::uint64_t);
    void *shared = ftruncate(file, size) == 0 ? mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
    if (shared != MAP_FAILED)
        counters = static_cast<std::atomic<std::uint64_t> *>(shared);
    close(file);
}

void count()
{
    if (ownSlot == slots)
        ownSlot = threads.fetch_add(1, std::memory_order_relaxed) % slots;
    counters[ownSlot].fetch_add(1, std::memory_order_relaxed);
}

} // namespace

extern "C" void *malloc(std::size_t size)
{
    count();
    return __libc_malloc(size);
}

extern "C" void *calloc(std::size_t number, std::size_t size)
{
    count();
    return __libc_calloc(number, size);
}

extern "C" void *realloc(void *old, std::size_t size)
{
    count();
    return __libc_realloc(old, size);
}
