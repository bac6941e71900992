// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/token_usage.h"
#include "gateway/stages/attempts/attempt_end.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace gateway::stages {

inline constexpr std::size_t largestEvent = 16 * 1024 * 1024; ///< of a provider's stream, in bytes

/// Makes what the caller gets of what a provider's stream brings. One for each attempt, on its worker; no I/O, nothing is
/// awaited while bytes are looked at.
class StreamPass
{
public:
    enum class Next : std::uint8_t {
        Read,   ///< more bytes are needed
        Finish, ///< the answer is whole
        Fail    ///< failure() says why
    };

    virtual ~StreamPass() = default;
    /// @param out  what the caller gets is added to it
    virtual Next take(std::string_view bytes, std::string &out) = 0;
    /// The provider's bytes have ended.
    virtual Next takeEnd(std::string &out) = 0;
    /// What stands at the end of a whole answer; its usage is in the book already.
    virtual void finish(std::string &out) = 0;

    [[nodiscard]] virtual bool contentSeen() const = 0;
    /// The answer has ended without content, because of what it would have said (faults.md F19).
    [[nodiscard]] virtual bool isWithheld() const = 0;
    /// What the provider counted, or an estimate of what came.
    [[nodiscard]] virtual TokenUsage usage() const = 0;
    /// The bytes that tell of an error where content has gone out; empty: those of the caller's format.
    [[nodiscard]] virtual std::string errorEvent(const Error &error) const { return static_cast<void>(error), std::string(); }
    [[nodiscard]] AttemptEnd takeFailure() { return std::move(m_failure); }

protected:
    AttemptEnd m_failure {};
};

} // namespace gateway::stages
