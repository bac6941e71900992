// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/pipeline/http.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace gateway::net {

/// Read buffers of one worker: 8 KB blocks that busy connections borrow and idle ones do not hold. Not thread-safe.
class BufferPool
{
public:
    static constexpr std::size_t blockSize = 8192;

    BufferPool() = default;
    ~BufferPool();
    BufferPool(const BufferPool &) = delete;
    BufferPool &operator=(const BufferPool &) = delete;

    [[nodiscard]] char *take();
    void give(char *block);

private:
    static constexpr std::size_t kept = 512; ///< more than these go back to the system
    std::vector<char *> m_free;
};

/// Bytes that arrived and were not used yet, in one piece. Starts as a block of the pool, grows on its own heap memory.
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
    void append(std::string_view bytes);
    /// Room for `total` bytes counted from data(). Pointers into the buffer die. Throws std::bad_alloc.
    void reserve(std::size_t total);
    void release();

private:
    BufferPool &m_pool;
    char *m_data = nullptr;
    std::size_t m_capacity = 0;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    bool m_pooled = false;
};

} // namespace gateway::net
