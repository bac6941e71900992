// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <new>
#include <utility>

namespace gateway {

/// Memory that goes from one call to the next: a call's objects, texts and coroutines' frames live in blocks that the calls
/// before it left behind, so that it asks the allocator for next to nothing. One for each thread; a block may be given back
/// on another thread than the one that took it. Keeps no more blocks than so many, however many calls there were at once.
class BlockCache
{
public:
    static constexpr std::size_t largest = 4096;  ///< bytes; what is larger comes from the allocator and goes back to it
    static constexpr std::size_t mostKept = 128;  ///< blocks of each size

    /// The calling thread's own.
    static BlockCache &ofThread()
    {
        thread_local BlockCache cache;
        return cache;
    }
    ~BlockCache()
    {
        for (Shelf &shelf : m_shelves) {
            while (shelf.first)
                ::operator delete(std::exchange(shelf.first, shelf.first->next));
        }
    }
    BlockCache(const BlockCache &) = delete;
    BlockCache &operator=(const BlockCache &) = delete;

    /// @return at least so many bytes, aligned as operator new does. Throws std::bad_alloc
    [[nodiscard]] void *take(std::size_t size)
    {
        if (size > largest)
            return ::operator new(size);
        const std::size_t number = shelfOf(size);
        Shelf &shelf = m_shelves[number];
        if (!shelf.first)
            return ::operator new((number + 1) * step);
        --shelf.kept;
        return std::exchange(shelf.first, shelf.first->next);
    }
    /// @param size  as it was taken
    void give(void *block, std::size_t size) noexcept
    {
        if (size > largest)
            return ::operator delete(block);
        Shelf &shelf = m_shelves[shelfOf(size)];
        if (shelf.kept >= keeps)
            return ::operator delete(block);
        ++shelf.kept;
        shelf.first = ::new (block) Block {shelf.first};
    }

private:
    static constexpr std::size_t step = 64; ///< bytes from one shelf's blocks to the next one's
#ifdef __SANITIZE_ADDRESS__
    static constexpr std::size_t keeps = 0; ///< a block that is used after it was given back is found out
#else
    static constexpr std::size_t keeps = mostKept;
#endif

    struct Block { Block *next; };
    struct Shelf { Block *first = nullptr; std::size_t kept = 0; };

    BlockCache() = default;
    static constexpr std::size_t shelfOf(std::size_t size) { return size == 0 ? 0 : (size - 1) / step; }

    std::array<Shelf, largest / step> m_shelves {};
};

/// Objects of classes that derive from it live in such blocks: `new`, make_unique() and the frames of coroutines alike.
struct Pooled
{
    static void *operator new(std::size_t size) { return BlockCache::ofThread().take(size); }
    static void operator delete(void *block, std::size_t size) noexcept { BlockCache::ofThread().give(block, size); }
};

/// What a container keeps its elements in, to have them in such blocks.
template <typename T>
struct PooledAllocator
{
    using value_type = T;
    static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);

    PooledAllocator() = default;
    template <typename Other>
    PooledAllocator(const PooledAllocator<Other> &) noexcept {} // NOLINT: as the standard wants it

    [[nodiscard]] T *allocate(std::size_t count) { return static_cast<T *>(BlockCache::ofThread().take(count * sizeof(T))); }
    void deallocate(T *elements, std::size_t count) noexcept { BlockCache::ofThread().give(elements, count * sizeof(T)); }
    bool operator==(const PooledAllocator &) const = default;
};

} // namespace gateway
