// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/storage/call_log_schema.h"
#include "gateway/storage/filter_sql.h"

#include <cstdint>
#include <string>
#include <string_view>

/// Pieces of filter_sql.h's answers that conditions and indexes share.
namespace gateway::storage {

/// A field that is text in its own column.
struct TextField
{
    std::string_view field;
    std::string_view column;
    const char *index; ///< nullptr: none
};

/// nullptr: the field is none.
const TextField *textField(std::string_view field);

std::int64_t numberOf(const std::string &text); ///< 0: it is none
/// `names.id` of one name, or of those that begin so, as a subquery.
Sql nameIds(NameKind kind, const CallFilter::Node &node);
Sql idIs(const CallFilter::Node &node);

} // namespace gateway::storage
