// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_filter.h"

#include <array>
#include <expected>
#include <string>
#include <string_view>

namespace gateway {

/// Why a term's value cannot be used. `incomplete`: more typing may mend it ("2" of "2s").
struct FilterValueError
{
    std::string message;
    bool incomplete = false;
};

/// What a privacy rule can do with its findings, as words of the filter and of PrivacyFinding::action.
inline constexpr std::array<std::string_view, 5> findingActions {"tokenize", "mask", "hash", "block", "report"};

/// A term of the call filter from its field, comparison and value as typed: the value in the form that
/// CallFilter::Node promises. "status:5xx" becomes an And of two comparisons.
std::expected<CallFilter::Node, FilterValueError> readFilterValue(const CallFilter::Field &field, CallFilter::Op op, std::string value, bool quoted);

} // namespace gateway
