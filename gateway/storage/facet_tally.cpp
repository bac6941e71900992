// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/facet_tally.h"

#include "gateway/storage/call_log_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

namespace gateway::storage {

namespace {

enum Column { Team, Key, Route, Provider, Model, Asked, EndpointColumn, Tags, Status, HttpStatus, Error, Flags, Repeats };

constexpr std::array outcomeFields {std::string_view("state"), std::string_view("error"), std::string_view("status"), std::string_view("cache")};
constexpr int firstError = 400;

/// Both fit: numbers of `names`, which are below 2^31.
std::int64_t pairOf(std::int64_t model, std::int64_t route) { return model << 32 | route; }

} // namespace

bool isOutcome(std::string_view field)
{
    return std::ranges::find(outcomeFields, field) != outcomeFields.end();
}

bool FacetTally::isShadow(const Statement &row) { return (row.integer(Flags) & call_flag::shadow) != 0; }
std::uint64_t FacetTally::repeats(const Statement &row) { return static_cast<std::uint64_t>(row.integer(Repeats)); }

void FacetTally::addKinds(const Statement &row, std::uint64_t calls)
{
    m_kinds += calls;
    m_team[row.integer(Team)] += calls;
    m_key[row.integer(Key)] += calls;
    m_route[row.integer(Route)] += calls;
    m_provider[row.integer(Provider)] += calls;
    m_endpoint[row.integer(EndpointColumn)] += calls;
    if (row.isNull(Asked))
        m_models[pairOf(row.integer(Model), row.integer(Route))] += calls;
    else
        m_asked[row.integer(Model)][row.text(Asked)] += calls;
    if (!row.isNull(Tags))
        m_tags[row.text(Tags)] += calls;
}

void FacetTally::addOutcome(const Statement &row, std::uint64_t calls)
{
    const std::int64_t status = row.integer(Status), httpStatus = row.integer(HttpStatus);
    if (callStatusFrom(status) == CallStatus::Ok && httpStatus < firstError)
        addWell(calls);
    else
        addBad(status, httpStatus, row.integer(Error), calls);
    if (const CacheOutcome outcome = cacheOutcomeFrom(row.integer(Flags)); outcome != CacheOutcome::Off)
        addCached(outcome, calls);
}

void FacetTally::addKind(const Kind &kind, std::uint64_t calls)
{
    m_kinds += calls;
    m_team[kind.team] += calls;
    m_key[kind.key] += calls;
    m_route[kind.route] += calls;
    m_provider[kind.provider] += calls;
    m_endpoint[kind.endpoint] += calls;
    if (kind.asked.empty())
        m_models[pairOf(kind.model, kind.route)] += calls;
    else
        m_asked[kind.model][kind.asked] += calls;
    if (!kind.tags.empty())
        m_tags[kind.tags] += calls;
}

void FacetTally::addBad(std::int64_t status, std::int64_t httpStatus, std::int64_t error, std::uint64_t calls)
{
    m_outcomes += calls;
    m_state[status] += calls;
    if (httpStatus >= firstError)
        m_status[httpStatus] += calls;
    else
        m_belowError += calls;
    if (error != 0)
        m_error[error] += calls;
}

void FacetTally::addWell(std::uint64_t calls)
{
    m_outcomes += calls;
    m_state[toNumber(CallStatus::Ok)] += calls;
    m_belowError += calls;
}

void FacetTally::addCached(CacheOutcome outcome, std::uint64_t calls)
{
    m_cache[toNumber(outcome)] += calls;
}

Result<> FacetTally::addNames(Texts &values, const Counts &counts) const
{
    for (const auto &[number, calls] : counts) {
        auto name = m_session->name(number);
        if (!name)
            return std::unexpected(name.error());
        values[std::move(*name)] += calls;
    }
    return {};
}

/// A model that answered counts for calls that asked for it by that name, too, as the filter finds these.
Result<> FacetTally::addModels(Texts &values) const
{
    std::vector<std::tuple<std::string, std::string, std::uint64_t>> asked; // answering, asked for
    for (const auto &[pair, calls] : m_models) {
        auto model = m_session->name(pair >> 32);
        auto route = m_session->name(pair & 0xffffffff);
        if (!model || !route)
            return std::unexpected(model ? route.error() : model.error());
        asked.emplace_back(std::move(*model), std::move(*route), calls);
    }
    for (const auto &[number, texts] : m_asked) {
        auto model = m_session->name(number);
        if (!model)
            return std::unexpected(model.error());
        for (const auto &[text, calls] : texts)
            asked.emplace_back(*model, text, calls);
    }
    for (const auto &[model, name, calls] : asked) {
        if (!model.empty())
            values[model] += calls;
    }
    for (const auto &[model, name, calls] : asked) {
        if (const auto known = values.find(name); known != values.end() && name != model)
            known->second += calls;
    }
    return {};
}

void FacetTally::addTags(Texts &values) const
{
    for (const auto &[all, calls] : m_tags) {
        for (std::string_view rest = all; !rest.empty();) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            if (comma > 0)
                values[std::string(rest.substr(0, comma))] += calls;
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
}

void FacetTally::addStates(Texts &values) const
{
    for (const auto &[number, calls] : m_state)
        values[std::string(toText(callStatusFrom(number)))] += calls;
}

Result<CallFacet> FacetTally::facet(std::string_view field, std::size_t most) const
{
    CallFacet facet {.field = field, .calls = isOutcome(field) ? m_outcomes : m_kinds};
    Texts values;
    Result<> added;
    if (field == "state")
        addStates(values);
    else if (field == "status") {
        for (const auto &[number, calls] : m_status)
            values[fmt::format("{}", number)] += calls;
        if (m_belowError > 0)
            values["<400"] = m_belowError;
    } else if (field == "endpoint") {
        for (const auto &[number, calls] : m_endpoint)
            values[std::string(toText(endpointFrom(number)))] += calls;
    } else if (field == "cache") {
        for (const auto &[number, calls] : m_cache)
            values[std::string(toText(cacheOutcomeFrom(number << call_flag::cacheShift)))] += calls;
    } else if (field == "model")
        added = addModels(values);
    else if (field == "tag")
        addTags(values);
    else
        added = addNames(values, field == "team" ? m_team : field == "route" ? m_route : field == "provider" ? m_provider : field == "key" ? m_key : m_error);
    if (!added)
        return std::unexpected(added.error());
    std::erase_if(values, [](const auto &value) { return value.second == 0; });
    for (auto &[value, calls] : values)
        facet.values.push_back({.value = value, .calls = calls});
    std::ranges::sort(facet.values, [](const FieldValue &a, const FieldValue &b) { return a.calls != b.calls ? a.calls > b.calls : a.value < b.value; });
    if (facet.values.size() > most) {
        facet.more = facet.values.size() - most;
        facet.values.resize(most);
    }
    return facet;
}

} // namespace gateway::storage
