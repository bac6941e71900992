// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/admin/bill_requests.h"

#include "gateway/admin/answers.h"
#include "gateway/admin/endpoint.h"
#include "gateway/admin/json_body.h"
#include "gateway/api/cost_tools.h"
#include "gateway/config/duration.h"
#include "gateway/core/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace gateway::admin {

namespace {

using nlohmann::json;

Result<std::vector<std::string>> textsOf(const json &request, const char *key)
{
    std::vector<std::string> texts;
    const auto found = request.find(key);
    if (found == request.end())
        return texts;
    const bool good = found->is_array() && std::ranges::all_of(*found, [](const json &each) { return each.is_string(); });
    if (!good)
        return fail(ErrorCode::BadRequest, fmt::format("{} is a list of texts.", key), key);
    for (const json &each : *found)
        texts.push_back(each.get<std::string>());
    return texts;
}

Result<api::BillQuery> queryOf(const json &request)
{
    constexpr std::array<std::string_view, 4> known {"exports", "providers", "tolerance", "do"};
    for (const auto &[name, value] : request.items()) {
        if (std::ranges::find(known, std::string_view(name)) == known.end())
            return fail(ErrorCode::BadRequest, fmt::format("{} is none of what is asked here: exports, providers, tolerance.", jsonQuoted(truncatedUtf8(name, 40))), name);
    }
    auto exports = textsOf(request, "exports");
    auto providers = textsOf(request, "providers");
    if (!exports || !providers)
        return std::unexpected(exports ? providers.error() : exports.error());
    if (exports->empty())
        return fail(ErrorCode::BadRequest, "exports has the texts of a provider's exports of usage, costs or both.", "exports");
    api::BillQuery query {.exports = std::move(*exports), .providers = std::move(*providers)};
    if (const auto share = request.find("tolerance"); share != request.end()) {
        if (!share->is_number() || share->get<double>() < 0 || share->get<double>() >= 1)
            return fail(ErrorCode::BadRequest, "tolerance is a share from 0 to under 1: 0.005 is half a per cent.", "tolerance");
        query.tolerance.share = share->get<double>();
    }
    return query;
}

json jsonOf(const billing::Figures &figures)
{
    const auto count = [](const std::optional<std::int64_t> &value) { return value ? json(*value) : json(); };
    return {{"calls", count(figures.calls)}, {"input_tokens", count(figures.input)}, {"output_tokens", count(figures.output)}, {"cost", figures.cost ? json(figures.cost->toDecimal()) : json()}};
}

json jsonOf(const std::optional<Money> &money)
{
    return money ? json(money->toDecimal()) : json();
}

json jsonOf(const billing::Reconciliation &all)
{
    constexpr std::size_t dateLength = 10;
    json rows = json::array();
    for (const billing::ReconciledRow &row : all.rows)
        rows.push_back({{"day", config::dateText(row.day).substr(0, dateLength)}, {"model", row.model}, {"billed", jsonOf(row.billed)}, {"logged", jsonOf(row.logged)}, {"drift", jsonOf(row.drift())}, {"cause", billing::toText(row.cause)}, {"why", row.why}});
    json causes = json::array();
    for (const auto &[cause, drift] : all.byCause)
        causes.push_back({{"cause", billing::toText(cause)}, {"drift", drift.toDecimal()}});
    return {{"billed", jsonOf(all.billed)}, {"logged", jsonOf(all.logged)}, {"drift", jsonOf(all.drift())}, {"causes", std::move(causes)}, {"rows", std::move(rows)}, {"notes", all.notes}};
}

void reconcileBill(const Ask &ask, const Done &done)
{
    const auto body = readObject(ask.body);
    if (!body)
        return done(refusal(body.error()));
    reconcile(ask.gateway, json(*body), ask.context, [done](const Result<json> &result) { done(result ? answer(*result) : refusal(result.error())); });
}

} // namespace

void reconcile(api::Gateway &gateway, const json &request, QObject *context, JsonAnswer answer)
{
    auto query = queryOf(request);
    if (!query)
        return answer(std::unexpected(query.error()));
    api::CostTools *tools = api::CostTools::of(gateway);
    if (tools == nullptr)
        return answer(fail(ErrorCode::NotSupported, "This gateway has no call log to compare with."));
    tools->reconcile(std::move(*query), context, [answer = std::move(answer)](const Result<billing::Reconciliation> &all) { answer(all ? Result<json>(jsonOf(*all)) : std::unexpected(all.error())); });
}

void addBillEndpoints(std::vector<Endpoint> &table)
{
    table.push_back({.method = "POST", .path = "/admin/v1/costs/reconcile", .least = Role::Analyst, .handler = reconcileBill,
                     .summary = "A provider's bill beside the log, by day and model: what differs, and why as far as the figures tell.", .body = "reconcile", .answer = "reconciled"});
}

} // namespace gateway::admin
