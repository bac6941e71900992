// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace gateway::net {

/// Read buffers of one worker, from 512 bytes to 16 KB, that busy connections borrow and idle ones do not hold. Not
/// thread-safe.
class BufferPool
{
public:
    static constexpr std::size_t blockSize = 16 * 1024; ///< of the largest
    static constexpr std::size_t smallest = 512;

    BufferPool() = default;
    ~BufferPool();
    BufferPool(const BufferPool &) = delete;
    BufferPool &operator=(const BufferPool &) = delete;

    /// The block that fits; its size is the power of two above `size`, at most blockSize.
    [[nodiscard]] std::span<char> take(std::size_t size);
    void give(std::span<char> block);
    /// Room for one read of which nobody knows how much it will bring: whoever reads into it takes the bytes out at once.
    [[nodiscard]] std::span<char> scratch() { return m_scratch; }

private:
    static constexpr std::size_t classes = 6;
    static constexpr std::size_t kept = std::size_t {4} << 20; ///< bytes; more goes back to the system
    [[nodiscard]] static std::size_t classOf(std::size_t size);

    std::array<std::vector<char *>, classes> m_free;
    std::size_t m_freeBytes = 0;
    std::array<char, blockSize> m_scratch {};
};

/// Bytes that arrived and were not used yet, in one piece. A block of the pool, above that heap
/// memory of its own.
/// pipeline::bodyPadding readable bytes always follow the written ones.
class Buffer
{
public:
    explicit Buffer(BufferPool &pool) : m_pool(pool) {}
    ~Buffer() { release(); }
    Buffer(const Buffer &) = delete;
    Buffer &operator=(const Buffer &) = delete;

    [[nodiscard]] const char *data() const { return m_data + m_begin; }
    [[nodiscard]] char *data() { return m_data + m_begin; }
    [[nodiscard]] std::size_t size() const { return m_end - m_begin; }
    [[nodiscard]] bool empty() const { return m_end == m_begin; }
    [[nodiscard]] std::string_view view() const { return {data(), size()}; }
    [[nodiscard]] std::size_t capacity() const { return m_capacity; } ///< without the padding
    /// The free bytes behind the written ones.
    [[nodiscard]] std::span<char> tail() { return {m_data + m_end, m_capacity - m_end}; }
    void commit(std::size_t count) { m_end += count; }
    void consume(std::size_t count);
    void truncate(std::size_t size) { m_end = m_begin + size; }
    void clear() { m_begin = m_end = 0; }
    void append(std::string_view bytes);
    /// Room for `total` bytes counted from data(). Pointers into the buffer die. Throws std::bad_alloc.
    void reserve(std::size_t total);
    void release();

private:
    void moveTo(std::span<char> room, bool block);

    BufferPool &m_pool;
    char *m_data = nullptr;
    std::size_t m_capacity = 0;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    std::size_t m_block = 0; ///< size of the pool's block; 0: no block
};

} // namespace gateway::net
