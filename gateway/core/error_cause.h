// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What failed calls have in common: the provider that was asked last, the error's class, the status that the caller got, and
/// the message without what is of one call alone.
namespace gateway {

/// A message without ids, numbers and quoted values: "No target answered: openai said 500." becomes "No target answered:
/// openai said #." Valid UTF-8, of 300 bytes at most.
[[nodiscard]] std::string causeMessage(std::string_view message);

/// What the filter's `cause:` finds: "openai/server_error/502/1f3a90c2". The last part stands for the message.
/// @param message  as causeMessage() gives it
[[nodiscard]] std::string causeKey(std::string_view provider, std::string_view error, std::int64_t httpStatus, std::string_view message);
/// The error's word in such a text; empty: there is none.
[[nodiscard]] std::string_view errorOfCause(std::string_view key);

/// The provider that was asked last; empty: none was.
[[nodiscard]] std::string_view lastAsked(const CallRecord &record);
/// The message that the call's caller got, or else what the last attempt says.
[[nodiscard]] std::string_view messageOf(const CallRecord &record);
/// The call's key; empty: it went well.
[[nodiscard]] std::string causeOf(const CallRecord &record);

struct CauseQuery
{
    TimeRange range;
    CallFilter filter;                  ///< empty: all
    bool refused = false;               ///< with what the gateway itself refused
    std::size_t most = 200;             ///< causes
    std::size_t parts = 24;             ///< 1 to 400: equal ones of the range, in which calls are counted too
};

struct ErrorCause
{
    std::string key;                    ///< for the filter's `cause:`
    std::string provider, error;        ///< empty: none
    std::int16_t httpStatus = 0;        ///< 0: the caller left before it got one
    std::string message;                ///< as causeMessage() gives it
    bool refused = false;
    std::uint64_t calls = 0;
    WallTime first {}, last {};
    std::vector<std::uint64_t> parts {};  ///< the oldest part first
    std::vector<FieldValue> routes {}, teams {}; ///< that are hit, most often first, five at most; "": calls without one
    std::size_t moreRoutes = 0, moreTeams = 0;
    std::vector<std::string> samples {};  ///< ids of the newest calls, three at most
};

struct ErrorCauses
{
    std::vector<ErrorCause> causes;     ///< most calls first
    std::uint64_t calls = 0;            ///< with a cause, in all of them
    std::uint64_t others = 0;           ///< of these in causes that are not told apart: there were too many
    TimeRange range {};                 ///< that was cut into parts: its open end is where the log ends
    bool complete = true;               ///< false: reading stopped early
    WallTime since {};                  ///< calls were read back to then
};

} // namespace gateway
