// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/filter_sql.h"

#include "gateway/core/error_cause.h"
#include "gateway/core/text.h"
#include "gateway/storage/filter_marks.h"
#include "gateway/storage/filter_terms.h"
#include "gateway/storage/trace_blocks.h"

#include <fmt/format.h>

#include <algorithm>

namespace gateway::storage {

namespace {

using Kind = CallFilter::Kind;
using Node = CallFilter::Node;
using Op = CallFilter::Op;

Branch textBranch(const char *index, std::string_view column, const Node &node)
{
    Sql sql;
    sql.add(fmt::format("{} = ?", column), node.value);
    return Branch {.index = index, .condition = std::move(sql)};
}

Branch errorBranch(const Node &node)
{
    Sql sql;
    sql.add("c.error = ").add(nameIds(NameKind::Error, node));
    return Branch {.index = "calls_error", .condition = std::move(sql)};
}

Branch traceBranch(const Node &node)
{
    Sql sql;
    return Branch {.index = nullptr, .condition = sql.add("c.row IN ").add(traceRows(packTrace(node.value)))};
}

Branch badBranch()
{
    return Branch {.index = "calls_bad", .condition = Sql {.text = "c.bad = 1", .values = {}}};
}

/// Those of the cause's error, which are fewer than all that were not well.
Branches causeBranches(const Node &node)
{
    const std::string_view error = node.prefix ? std::string_view() : errorOfCause(node.value);
    if (error.empty())
        return {badBranch()};
    Sql sql;
    sql.add("c.error = (SELECT id FROM names WHERE kind = ?", static_cast<std::int64_t>(NameKind::Error)).add(" AND name = ?)", std::string(error));
    return {Branch {.index = "calls_error", .condition = std::move(sql)}};
}

/// Calls that the cache looked for; those that got an answer again are fewer.
Branches cacheBranches(const Node &node)
{
    const auto outcome = cacheOutcomeNamed(node.value);
    if (!outcome || *outcome == CacheOutcome::Off)
        return {};
    if (*outcome == CacheOutcome::Miss)
        return {Branch {.index = "calls_cache", .condition = Sql {.text = "(c.flags & 1536) <> 0", .values = {}}}};
    return {Branch {.index = "calls_answered_again", .condition = Sql {.text = "(c.flags & 1024) <> 0", .values = {}}}};
}

/// By the times that ids hold, and those ids apart that hold none.
Branches idBranches(const Node &node)
{
    const auto range = packedIdRange(node.value);
    if (node.prefix && !range)
        return {}; // no call's id begins so
    Sql odd;
    Branches branches {Branch {.index = "calls_odd_id", .condition = odd.add("c.flags & 32 <> 0 AND ").add(idIs(node))}};
    if (range) {
        const auto [from, to] = idTimes(range->first, range->second);
        Sql timed;
        timed.add("c.started_us >= ?", from).add(" AND c.started_us < ?", to).add(" AND ").add(idIs(node));
        branches.push_back(Branch {.index = "calls_started", .condition = std::move(timed), .timed = true});
    }
    return branches;
}

/// The branches that find all calls for which the term holds; empty: no index does.
Branches termBranches(const Node &node)
{
    if (node.kind != Kind::Term)
        return {};
    const std::string_view field = node.field->name;
    if (isMarkField(field)) {
        auto marked = markBranch(node);
        return marked ? Branches {std::move(*marked)} : Branches {};
    }
    if (node.value.empty())
        return {};
    if (field == "status")
        return (node.op == Op::GreaterOrEqual || node.op == Op::Greater || node.op == Op::Equal) && numberOf(node.value) >= 400 ? Branches {badBranch()} : Branches {};
    if (field == "state")
        return equalsIgnoringCase(node.value, toText(CallStatus::Ok)) ? Branches {} : Branches {badBranch()};
    if (field == "cause")
        return causeBranches(node);
    if (field == "cache")
        return cacheBranches(node);
    if (field == "id")
        return idBranches(node);
    // A beginning of a text may stand for many: each would need its own branch to keep the order by time.
    if (node.prefix)
        return {};
    if (field == "error")
        return {errorBranch(node)};
    if (field == "trace" && !packTrace(node.value).isEmpty())
        return {traceBranch(node)};
    if (const TextField *text = textField(field); text != nullptr && text->index != nullptr)
        return {textBranch(text->index, text->column, node)};
    return {};
}

constexpr std::size_t branchesAtMost = 24;

Branches branchesOf(const Node &node)
{
    if (node.kind != Kind::Or)
        return termBranches(node);
    Branches all;
    for (const Node &child : node.children) {
        Branches some = branchesOf(child);
        if (some.empty() || all.size() + some.size() > branchesAtMost)
            return {};
        std::ranges::move(some, std::back_inserter(all));
    }
    return all;
}

void collectBranches(const Node &node, std::vector<Branches> &all)
{
    if (node.kind == Kind::And) {
        for (const Node &child : node.children)
            collectBranches(child, all);
        return;
    }
    if (Branches branches = branchesOf(node); !branches.empty())
        all.push_back(std::move(branches));
}

} // namespace

std::vector<Branches> indexBranches(const CallFilter::Node &root)
{
    std::vector<Branches> all;
    collectBranches(root, all);
    return all;
}

} // namespace gateway::storage
