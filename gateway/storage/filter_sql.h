// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_filter.h"
#include "gateway/core/error.h"
#include "gateway/storage/rollup_views.h"
#include "gateway/storage/statement.h"

#include <QByteArray>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The call filter as SQL. Values are bound, never written into the text; the text is made of pieces that stand here.
namespace gateway::storage {

using SqlValue = std::variant<std::int64_t, std::string, QByteArray>;

struct Sql
{
    std::string text;
    std::vector<SqlValue> values;

    Sql &add(std::string_view piece);
    Sql &add(std::string_view piece, SqlValue value);
    Sql &add(const Sql &other);
    void bindTo(Statement &statement) const;
};

/// The filter as a condition over `calls AS c`: 1 or 0, never NULL. Invalid: a field that the log lacks.
Result<Sql> callCondition(const CallFilter::Node &node);

/// The same over `dims AS d`, where all its fields are there; nullopt where one is not.
std::optional<Sql> dimensionCondition(const CallFilter::Node &node);
std::vector<const CallFilter::Node *> modelTerms(const CallFilter::Node &node);
/// The dimensions that the filter asks about: bits of DimensionField.
unsigned dimensionFields(const CallFilter::Node &node);
/// A condition over `dims AS d` that holds for the dimensions of all its calls, and perhaps of others; nullopt: the filter
/// does not say.
std::optional<Sql> dimensionsOfAll(const CallFilter::Node &root);

/// A condition over `block_tops AS t` that holds for all blocks that have such calls; nullopt: the filter asks for no more of
/// anything than most calls have.
std::optional<Sql> blockCondition(const CallFilter::Node &root);

/// A part of an AND that an index answers: each branch finds some of its calls through `index` by `condition`; all
/// branches together find all of them. The whole filter still has to hold for each.
struct Branch
{
    const char *index = nullptr; ///< nullptr: the condition names the rows
    Sql condition;
    bool timed = false; ///< the condition bounds `started_us`
};
using Branches = std::vector<Branch>;

/// The ways in which indexes can help; empty: none can.
std::vector<Branches> indexBranches(const CallFilter::Node &root);

} // namespace gateway::storage
