// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/buffer_pool.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace gateway::net {

using pipeline::bodyPadding;

BufferPool::~BufferPool()
{
    for (char *block : m_free)
        std::free(block);
}

char *BufferPool::take()
{
    if (!m_free.empty()) {
        char *block = m_free.back();
        m_free.pop_back();
        return block;
    }
    // Zeroed once, so that the padding is never indeterminate.
    auto *block = static_cast<char *>(std::calloc(1, blockSize));
    if (block == nullptr)
        throw std::bad_alloc();
    return block;
}

void BufferPool::give(char *block)
{
    if (m_free.size() < kept)
        m_free.push_back(block);
    else
        std::free(block);
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
    if (m_data == nullptr && total <= BufferPool::blockSize - bodyPadding) {
        m_data = m_pool.take();
        m_capacity = BufferPool::blockSize - bodyPadding;
        m_pooled = true;
        return;
    }
    if (m_begin != 0) {
        std::memmove(m_data, m_data + m_begin, size());
        m_end -= m_begin;
        m_begin = 0;
        if (m_capacity >= total)
            return;
    }
    // realloc moves pages instead of bytes where the buffer is large.
    auto *grown = static_cast<char *>(std::realloc(m_pooled ? nullptr : m_data, total + bodyPadding));
    if (grown == nullptr)
        throw std::bad_alloc();
    if (m_pooled) {
        std::memcpy(grown, m_data, m_end);
        m_pool.give(m_data);
        m_pooled = false;
    }
    std::memset(grown + total, 0, bodyPadding);
    m_data = grown;
    m_capacity = total;
}

void Buffer::release()
{
    if (m_pooled)
        m_pool.give(m_data);
    else
        std::free(m_data);
    m_data = nullptr;
    m_capacity = m_begin = m_end = 0;
    m_pooled = false;
}

} // namespace gateway::net
