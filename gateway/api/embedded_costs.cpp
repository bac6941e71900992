// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/api/embedded_costs.h"

#include "gateway/billing/reconcile.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace gateway::api {

namespace {

using Days = std::chrono::sys_days;

Result<billing::Bill> billOf(const std::vector<std::string> &exports)
{
    std::optional<billing::Bill> bill;
    for (const std::string &text : exports) {
        auto read = billing::readBill(text);
        if (!read)
            return std::unexpected(Error {ErrorCode::BadRequest, read.error().message, read.error().where});
        if (!bill)
            bill = std::move(*read);
        else if (auto merged = billing::merge(*bill, *read); !merged)
            return std::unexpected(Error {ErrorCode::BadRequest, merged.error().message, "exports"});
    }
    if (!bill)
        return fail(ErrorCode::BadRequest, "There is no export to compare with.", "exports");
    return std::move(*bill);
}

/// Of the configuration's providers, those whose calls are on the bill.
Result<std::vector<std::string>> providersOn(const billing::Bill &bill, const std::vector<std::string> &asked, const std::map<std::string, std::string> &kinds)
{
    std::vector<std::string> names;
    for (const auto &[name, kind] : kinds) {
        if (asked.empty() ? billing::billsFor(bill.vendor, kind) : std::ranges::find(asked, name) != asked.end())
            names.push_back(name);
    }
    for (const std::string &name : asked) {
        if (!kinds.contains(name))
            return fail(ErrorCode::BadRequest, fmt::format("There is no provider called \"{}\".", name), "providers");
    }
    if (names.empty())
        return fail(ErrorCode::BadRequest, fmt::format("No provider in the configuration is of the bill's kind ({}): name in `providers` the one whose calls are on it.", billing::toText(bill.vendor)), "providers");
    return names;
}

/// Sums count an attempt that used tokens elsewhere where its call was answered; a bill, where it was tried.
void moveAttempts(const std::vector<AttemptsElsewhere> &attempts, const std::vector<std::string> &providers, std::vector<billing::LoggedLine> &lines)
{
    const auto asked = [&providers](const std::string &provider) { return std::ranges::find(providers, provider) != providers.end(); };
    for (const AttemptsElsewhere &each : attempts) {
        if (asked(each.answeredBy))
            lines.push_back({.day = each.day, .model = each.answeredModel, .input = -each.input, .output = -each.output, .cost = Money {} - each.counted});
        if (asked(each.provider))
            lines.push_back({.day = each.day, .model = each.model, .calls = each.attempts, .unpriced = each.unpriced, .input = each.input, .output = each.output, .cost = each.cost});
    }
}

/// Providers count days in UTC.
Result<std::vector<billing::LoggedLine>> loggedBeside(const billing::Bill &bill, const std::vector<std::string> &providers, storage::CallLogReader &log)
{
    std::vector<billing::LoggedLine> lines;
    if (bill.lines.empty())
        return lines;
    const UsageQuery query {.range = {.from = bill.lines.front().day, .to = bill.lines.back().day + std::chrono::days(1)}, .groupBy = {UsageField::Provider, UsageField::Model}, .bucket = UsageBucket::Day};
    const auto usage = log.usage(query, "UTC");
    if (!usage)
        return std::unexpected(usage.error());
    const auto count = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
    for (const UsageRow &row : usage->rows) {
        if (!row.at || std::ranges::find(providers, row.group.at(0)) == providers.end())
            continue;
        lines.push_back({.day = std::chrono::floor<std::chrono::days>(*row.at), .model = row.group.at(1), .calls = count(row.totals.calls), .unpriced = count(row.totals.unpriced),
                         .input = count(row.totals.inputTokens), .output = count(row.totals.outputTokens), .cost = row.totals.cost});
    }
    auto elsewhere = log.attemptsElsewhere(query.range);
    if (!elsewhere)
        return std::unexpected(elsewhere.error());
    moveAttempts(*elsewhere, providers, lines);
    return lines;
}

} // namespace

void EmbeddedCosts::costs(CostQuery query, QObject *context, Answer<Costs> done)
{
    m_queries.ask<Costs>(
        QueryService::Length::Long, "costs", context, [query = std::move(query)](storage::CallLogReader &log) { return log.costs(query); }, std::move(done));
}

void EmbeddedCosts::reconcile(BillQuery query, QObject *context, Answer<billing::Reconciliation> done)
{
    std::map<std::string, std::string> kinds;
    for (const config::Provider &provider : m_gateway.config()->providers)
        kinds[provider.name] = provider.kind;
    m_queries.ask<billing::Reconciliation>(
        QueryService::Length::Long, "bill", context,
        [query = std::move(query), kinds = std::move(kinds)](storage::CallLogReader &log) -> Result<billing::Reconciliation> {
            const auto bill = billOf(query.exports);
            if (!bill)
                return std::unexpected(bill.error());
            const auto providers = providersOn(*bill, query.providers, kinds);
            if (!providers)
                return std::unexpected(providers.error());
            const auto logged = loggedBeside(*bill, *providers, log);
            if (!logged)
                return std::unexpected(logged.error());
            return billing::reconcile(*bill, *logged, query.tolerance);
        },
        std::move(done));
}

/// A question that takes the other's place, and is answered at once.
void EmbeddedCosts::cancel(QObject *context)
{
    m_queries.ask<Costs>(
        QueryService::Length::Long, "costs", context, [](storage::CallLogReader &) -> Result<Costs> { return fail(ErrorCode::Cancelled, "The question was cancelled."); }, [](const Result<Costs> &) {});
}

} // namespace gateway::api
