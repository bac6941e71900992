// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/filter_sql.h"

#include <optional>
#include <string_view>

/// Fields of the call filter whose values stand in `call_marks`, which few calls have: colour, comment.
namespace gateway::storage {

[[nodiscard]] bool isMarkField(std::string_view field);

/// A term of such a field as a condition over `calls AS c`: 1 or 0, never NULL.
Sql markIs(const CallFilter::Node &term);

/// Finds the rows of such a term; nullopt: it holds for calls without a mark.
std::optional<Branch> markBranch(const CallFilter::Node &term);

} // namespace gateway::storage
