// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/buffer_pool.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>

namespace gateway::net {

using pipeline::bodyPadding;

BufferPool::~BufferPool()
{
    for (const std::vector<char *> &list : m_free) {
        for (char *block : list)
            std::free(block);
    }
}

std::size_t BufferPool::classOf(std::size_t size)
{
    return static_cast<std::size_t>(std::bit_width((std::max(size, smallest) - 1) / smallest));
}

std::span<char> BufferPool::take(std::size_t size)
{
    const std::size_t number = classOf(size);
    const std::size_t whole = smallest << number;
    std::vector<char *> &list = m_free[number];
    if (!list.empty()) {
        char *block = list.back();
        list.pop_back();
        m_freeBytes -= whole;
        return {block, whole};
    }
    // Zeroed once, so that the padding is never indeterminate.
    auto *block = static_cast<char *>(std::calloc(1, whole));
    if (block == nullptr)
        throw std::bad_alloc();
    return {block, whole};
}

void BufferPool::give(std::span<char> block)
{
    if (m_freeBytes + block.size() > kept) {
        std::free(block.data());
        return;
    }
    m_free[classOf(block.size())].push_back(block.data());
    m_freeBytes += block.size();
}

void Buffer::consume(std::size_t count)
{
    m_begin += count;
    if (m_begin == m_end)
        m_begin = m_end = 0;
}

void Buffer::append(std::string_view bytes)
{
    if (bytes.empty())
        return;
    if (tail().size() < bytes.size()) {
        const std::size_t wanted = size() + bytes.size();
        reserve(std::max(wanted, std::min(2 * wanted, wanted + (std::size_t {1} << 20))));
    }
    std::memcpy(m_data + m_end, bytes.data(), bytes.size());
    m_end += bytes.size();
}

void Buffer::reserve(std::size_t total)
{
    if (m_capacity - m_begin >= total && m_data != nullptr)
        return;
    if (m_begin != 0) {
        std::memmove(m_data, m_data + m_begin, size());
        m_end -= m_begin;
        m_begin = 0;
        if (m_capacity >= total)
            return;
    }
    const bool fits = total <= BufferPool::blockSize - bodyPadding;
    if (fits || m_block != 0) {
        moveTo(fits ? m_pool.take(total + bodyPadding) : std::span(static_cast<char *>(std::malloc(total + bodyPadding)), total + bodyPadding), fits);
        return;
    }
    // realloc moves pages instead of bytes where the buffer is large.
    auto *grown = static_cast<char *>(std::realloc(m_data, total + bodyPadding));
    if (grown == nullptr)
        throw std::bad_alloc();
    std::memset(grown + total, 0, bodyPadding);
    m_data = grown;
    m_capacity = total;
}

void Buffer::moveTo(std::span<char> room, bool block)
{
    if (room.data() == nullptr)
        throw std::bad_alloc();
    if (m_end > 0)
        std::memcpy(room.data(), m_data, m_end);
    if (!block)
        std::memset(room.data() + room.size() - bodyPadding, 0, bodyPadding);
    const std::size_t end = m_end;
    release();
    m_data = room.data();
    m_capacity = room.size() - bodyPadding;
    m_end = end;
    m_block = block ? room.size() : 0;
}

void Buffer::release()
{
    if (m_block != 0)
        m_pool.give({m_data, m_block});
    else
        std::free(m_data);
    m_data = nullptr;
    m_capacity = m_begin = m_end = m_block = 0;
}

} // namespace gateway::net
