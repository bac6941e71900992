// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/filter_sql.h"

#include <optional>
#include <string_view>

/// Fields of the call filter whose values stand in `extras`, which few calls have: prompt, policy, finding, privacy.
namespace gateway::storage {

[[nodiscard]] bool isExtraField(std::string_view field);

/// A term of such a field as a condition over `calls AS c`: 1 or 0, never NULL.
Sql extraIs(const CallFilter::Node &term);

/// Finds the rows of such terms: `condition` over `extras AS e`, which `index` answers in the order of their rows.
struct ExtraRows
{
    const char *index = nullptr;
    Sql condition;
};
/// Of a filter that holds for no other rows than these; nullopt: it says nothing of the kind.
std::optional<ExtraRows> extraRows(const CallFilter::Node &root);

} // namespace gateway::storage
