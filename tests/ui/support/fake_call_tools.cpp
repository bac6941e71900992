// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_call_tools.h"

#include "tests/ui/support/fake_gateway.h"
#include "tests/ui/support/scene_log.h"

#include <QTimer>

#include <algorithm>
#include <map>

using namespace gateway;

namespace tests {
namespace {

bool within(const TimeRange &range, const CallRecord &record) { return record.startedAt >= range.from && record.startedAt < range.to; }

std::vector<std::string> valuesOf(std::string_view field, const CallRecord &record)
{
    if (field == "state") return {std::string(toText(record.status))};
    if (field == "error") return record.error ? std::vector {std::string(toText(*record.error))} : std::vector<std::string> {};
    if (field == "status") return {record.httpStatus < 400 ? std::string("<400") : std::to_string(record.httpStatus)};
    if (field == "team") return {record.team};
    if (field == "route") return {record.route};
    if (field == "model") return record.model.empty() ? std::vector<std::string> {} : std::vector {record.model};
    if (field == "provider") return {record.provider};
    if (field == "key") return {record.key};
    if (field == "endpoint") return {std::string(toText(record.endpoint))};
    if (field == "cache") return record.cache == CacheOutcome::Off ? std::vector<std::string> {} : std::vector {std::string(toText(record.cache))};
    std::vector<std::string> tags;
    for (std::string_view rest = record.tags; !rest.empty();) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        tags.emplace_back(rest.substr(0, comma));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return tags;
}

std::vector<FieldValue> sorted(const std::map<std::string, std::uint64_t> &counts, std::size_t most, std::size_t &more)
{
    std::vector<FieldValue> values;
    for (const auto &[value, calls] : counts)
        values.push_back({.value = value, .calls = calls});
    std::ranges::stable_sort(values, std::ranges::greater {}, &FieldValue::calls);
    more = values.size() - std::min(values.size(), most);
    values.resize(values.size() - more);
    return values;
}

void addTo(BondFigures &figures, const CallRecord &record)
{
    const WallTime end = record.startedAt + std::chrono::microseconds(record.latencyUs);
    figures.first = figures.calls == 0 ? record.startedAt : std::min(figures.first, record.startedAt);
    figures.last = figures.calls == 0 ? end : std::max(figures.last, end);
    ++figures.calls;
    figures.failed += record.status == CallStatus::Failed || record.status == CallStatus::Cut;
    figures.refused += record.status == CallStatus::Refused;
    figures.cancelled += record.status == CallStatus::Cancelled;
    if (record.cost)
        figures.cost += *record.cost;
    else
        ++figures.unpriced;
    figures.input += static_cast<std::uint64_t>(record.usage.input);
    figures.output += static_cast<std::uint64_t>(record.usage.output);
}

CallFacet facetOf(const std::deque<CallRecord> &log, std::string_view field, const TimeRange &range, const CallFilter &filter, std::size_t most)
{
    CallFacet facet {.field = field};
    std::map<std::string, std::uint64_t> counts;
    for (const CallRecord &record : log) {
        if (!within(range, record) || !matches(filter.root(), record))
            continue;
        ++facet.calls;
        for (const std::string &value : valuesOf(field, record))
            ++counts[value];
    }
    facet.values = sorted(counts, most, facet.more);
    return facet;
}

} // namespace

template <typename T>
void FakeCallTools::answer(QObject *context, api::Answer<T> done, std::function<Result<T>()> value)
{
    ++m_asked;
    if (m_waiting)
        return;
    QTimer::singleShot(0, context, [this, done, value] {
        if (m_failing)
            done(fail(ErrorCode::Io, "Cannot read the call log. The disk has no space left (calls.db, 41.2 GB). Calls go on."));
        else
            done(value());
    });
}

void FakeCallTools::facets(FacetQuery query, QObject *context, api::Answer<CallFacets> done)
{
    m_lastFacets = query;
    answer<CallFacets>(context, done, [this, query]() -> Result<CallFacets> {
        CallFacets facets {.complete = !m_hasty};
        for (const std::string_view field : facetFields) {
            const auto other = std::ranges::find(query.others, field, &FacetQuery::Other::field);
            facets.facets.push_back(facetOf(m_log(), field, query.range, other == query.others.end() ? query.filter : other->filter, query.most));
            facets.facets.back().complete = !m_hasty;
            if (other == query.others.end())
                facets.calls = facets.facets.back().calls;
        }
        return facets;
    });
}

void FakeCallTools::causes(CauseQuery query, QObject *context, api::Answer<ErrorCauses> done)
{
    answer<ErrorCauses>(context, done, [this, query]() -> Result<ErrorCauses> {
        ErrorCauses causes {.complete = !m_hasty, .since = query.range.from};
        causes.range = {.from = query.range.from, .to = std::min(query.range.to, FakeGateway::sceneTime())};
        struct Sum
        {
            ErrorCause cause;
            std::map<std::string, std::uint64_t> routes, teams;
        };
        std::map<std::string, Sum> sums;
        for (const CallRecord &record : m_log()) {
            const std::string key = causeOf(record);
            if (key.empty() || record.status == CallStatus::Cancelled || (record.status == CallStatus::Refused && !query.refused) || !within(query.range, record) || !matches(query.filter.root(), record))
                continue;
            Sum &sum = sums[key];
            ErrorCause &cause = sum.cause;
            if (cause.calls == 0)
                cause = {.key = key, .provider = std::string(lastAsked(record)), .error = record.error ? std::string(toText(*record.error)) : std::string(), .httpStatus = record.httpStatus, .message = causeMessage(messageOf(record)),
                         .refused = record.status == CallStatus::Refused, .last = record.startedAt, .parts = std::vector<std::uint64_t>(query.parts)};
            cause.first = record.startedAt;
            ++cause.calls;
            ++causes.calls;
            const double place = std::chrono::duration<double>(record.startedAt - causes.range.from) / std::chrono::duration<double>(causes.range.to - causes.range.from);
            ++cause.parts[std::min(query.parts - 1, static_cast<std::size_t>(std::max(0.0, place) * static_cast<double>(query.parts)))];
            ++sum.routes[record.route];
            ++sum.teams[record.team];
            if (cause.samples.size() < 3)
                cause.samples.push_back(record.id);
        }
        for (auto &[key, sum] : sums) {
            sum.cause.routes = sorted(sum.routes, 5, sum.cause.moreRoutes);
            sum.cause.teams = sorted(sum.teams, 5, sum.cause.moreTeams);
            causes.causes.push_back(std::move(sum.cause));
        }
        std::ranges::stable_sort(causes.causes, std::ranges::greater {}, &ErrorCause::calls);
        return causes;
    });
}

void FakeCallTools::tree(TreeQuery query, QObject *context, api::Answer<CallTree> done)
{
    answer<CallTree>(context, done, [this, query]() -> Result<CallTree> {
        CallTree tree {.query = query};
        std::vector<CallRow> rows;
        for (const CallRecord &record : m_log()) {
            if ((query.bond == Bond::Session ? record.session : record.trace) != query.id)
                continue;
            addTo(tree.figures, record);
            rows.push_back({.record = record});
        }
        if (rows.empty())
            return fail(ErrorCode::NotFound, "The log has no call of that session (any more).");
        std::ranges::reverse(rows);
        rows.resize(std::min(rows.size(), query.most));
        tree.calls = treeOf(std::move(rows));
        return tree;
    });
}

void FakeCallTools::bonds(BondsQuery query, QObject *context, api::Answer<Bonds> done)
{
    answer<Bonds>(context, done, [this, query]() -> Result<Bonds> {
        Bonds bonds {.complete = !m_hasty, .since = query.range.from};
        for (const CallRecord &record : m_log()) {
            const std::string &id = query.bond == Bond::Session ? record.session : record.trace;
            if (id.empty() || !within(query.range, record) || !matches(query.filter.root(), record))
                continue;
            auto found = std::ranges::find(bonds.sums, id, &BondSum::id);
            if (found == bonds.sums.end()) {
                bonds.sums.push_back({.id = id, .key = record.key, .team = record.team});
                found = bonds.sums.end() - 1;
            }
            addTo(found->figures, record);
        }
        bonds.sums.resize(std::min(bonds.sums.size(), query.most));
        return bonds;
    });
}

} // namespace tests
