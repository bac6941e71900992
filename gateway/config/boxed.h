// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <utility>

namespace gateway::config {

/// A value that may be absent, of a type that need not be whole yet: a branch of a tree. Copied deeply, compared by value.
template <typename T>
class Boxed
{
public:
    Boxed() = default;
    Boxed(T value) : m_value(std::make_unique<T>(std::move(value))) {}
    Boxed(const Boxed &other) : m_value(other.m_value ? std::make_unique<T>(*other.m_value) : nullptr) {}
    Boxed(Boxed &&) noexcept = default;
    Boxed &operator=(const Boxed &other)
    {
        Boxed copy(other); // first: `other` may be part of what is replaced
        m_value.swap(copy.m_value);
        return *this;
    }
    Boxed &operator=(Boxed &&) noexcept = default;

    explicit operator bool() const { return static_cast<bool>(m_value); }
    T &operator*() { return *m_value; }
    const T &operator*() const { return *m_value; }
    T *operator->() { return m_value.get(); }
    const T *operator->() const { return m_value.get(); }
    void reset() { m_value.reset(); }

    bool operator==(const Boxed &other) const { return m_value && other.m_value ? *m_value == *other.m_value : !m_value && !other.m_value; }

private:
    std::unique_ptr<T> m_value;
};

} // namespace gateway::config
