// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace gateway::pipeline {

/// Room for what lives as long as a call: blocks go from one call to the next, so that calls allocate nothing for it.
/// (Within coroutines' frames such objects would make those too large for Asio's own store.) One for each worker, on its
/// thread; outlives what was made in it. Keeps no more blocks than so many, however many calls there were at once.
class CallMemory
{
public:
    static constexpr std::size_t mostKept = 128; ///< of each size

    CallMemory() = default;
    ~CallMemory()
    {
        for (Shelf &shelf : m_shelves) {
            while (shelf.first)
                ::operator delete(std::exchange(shelf.first, shelf.first->next));
        }
    }
    CallMemory(const CallMemory &) = delete;
    CallMemory &operator=(const CallMemory &) = delete;

    template <typename T>
    struct Giver
    {
        CallMemory *memory = nullptr;
        void operator()(T *object) const
        {
            std::destroy_at(object);
            memory->template give<sizeof(T)>(object);
        }
    };
    template <typename T>
    using Owned = std::unique_ptr<T, Giver<T>>;

    template <typename T, typename... Arguments>
    [[nodiscard]] Owned<T> make(Arguments &&...arguments)
    {
        static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
        void *room = take<sizeof(T)>();
        try {
            return Owned<T>(std::construct_at(static_cast<T *>(room), std::forward<Arguments>(arguments)...), Giver<T> {this});
        } catch (...) {
            give<sizeof(T)>(room);
            throw;
        }
    }

private:
    static constexpr std::size_t smallest = 256;
    static constexpr std::size_t largest = 4096;

    struct Block { Block *next; };
    struct Shelf { Block *first = nullptr; std::size_t kept = 0; };

    /// Each shelf's blocks are twice as large as those of the one before.
    static constexpr std::size_t shelfOf(std::size_t size) { return size <= smallest ? 0 : static_cast<std::size_t>(std::bit_width((size - 1) / smallest)); }

    template <std::size_t size>
    void *take()
    {
        static_assert(size <= largest);
        Shelf &shelf = m_shelves[shelfOf(size)];
        if (!shelf.first)
            return ::operator new(smallest << shelfOf(size));
        --shelf.kept;
        return std::exchange(shelf.first, shelf.first->next);
    }

    template <std::size_t size>
    void give(void *room)
    {
        Shelf &shelf = m_shelves[shelfOf(size)];
        if (shelf.kept == mostKept)
            return ::operator delete(room);
        ++shelf.kept;
        shelf.first = ::new (room) Block {shelf.first};
    }

    std::array<Shelf, std::bit_width(largest / smallest)> m_shelves {}; // one more than shelfOf(largest)
};

} // namespace gateway::pipeline
