// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>

namespace gateway::api {

/// Tells of progress, not more often than a person looks. One thread.
/// @tparam Progress  of `done` and `all`
template <typename Progress>
class Teller
{
public:
    explicit Teller(std::function<void(Progress)> tell) : m_tell(std::move(tell)) {}
    void at(std::uint64_t done, std::uint64_t all)
    {
        constexpr std::chrono::milliseconds toldEvery {100};
        const auto now = std::chrono::steady_clock::now();
        if (now - m_told < toldEvery)
            return;
        m_told = now;
        m_tell({.done = done, .all = all});
    }

private:
    std::function<void(Progress)> m_tell;
    std::chrono::steady_clock::time_point m_told = std::chrono::steady_clock::now();
};

} // namespace gateway::api
