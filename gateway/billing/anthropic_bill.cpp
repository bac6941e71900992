// SPDX-License-Identifier: GPL-3.0-or-later
// Anthropic: usage_report/messages and cost_report of the Admin API, and the console's CSV exports.
#include "gateway/billing/bill_parts.h"

#include "gateway/core/text.h"

#include <array>

namespace gateway::billing {

namespace {

std::optional<std::int64_t> sum(std::initializer_list<std::optional<std::int64_t>> parts)
{
    std::optional<std::int64_t> all;
    for (const auto &part : parts) {
        if (part)
            all = all.value_or(0) + *part;
    }
    return all;
}

Result<> readUsage(const Json &result, std::chrono::sys_days day, BillBuilder &bill)
{
    const auto written = result.find("cache_creation");
    const Json none = Json::object();
    const Json &cache = written != result.end() && written->is_object() ? *written : none;
    return bill.add(day, textOf(result, "model"),
                    {.input = sum({countOf(result, "uncached_input_tokens"), countOf(result, "cache_read_input_tokens"), countOf(cache, "ephemeral_5m_input_tokens"), countOf(cache, "ephemeral_1h_input_tokens")}),
                     .output = countOf(result, "output_tokens")});
}

/// Amounts of the cost report are in cents, as decimal text.
Result<> readCost(const Json &result, std::chrono::sys_days day, BillBuilder &bill)
{
    const auto cents = amountOf(result.at("amount"));
    if (!cents)
        return fail(ErrorCode::Invalid, "A cost's amount is no amount.");
    if (const std::string currency = textOf(result, "currency"); !currency.empty() && !equalsIgnoringCase(currency, "usd")) {
        bill.note("Amounts in another currency than USD were left out.");
        return {};
    }
    const std::string model = textOf(result, "model");
    const std::string item = textOf(result, "description");
    constexpr std::int64_t tenThousand = 10'000; // cents in millions: a hundredth, rounded once
    return bill.add(day, model.empty() ? item : model, {.cost = cents->perMillion(tenThousand)});
}

} // namespace

bool isAnthropicTable(Columns columns)
{
    return hasColumn(columns, "usage_date_utc") && (hasColumn(columns, "usage_output_tokens") || hasColumn(columns, "cost_usd"));
}

Result<> readAnthropicRow(CsvRow &row, BillBuilder &bill)
{
    const auto day = row.day("usage_date_utc");
    if (!day)
        return {};
    const std::array<std::optional<std::int64_t>, 4> input {row.count("usage_input_tokens_no_cache"), row.count("usage_input_tokens_cache_write_5m"),
                                                            row.count("usage_input_tokens_cache_write_1h"), row.count("usage_input_tokens_cache_read")};
    return bill.add(*day, row.has("model_version") ? row.text("model_version") : row.text("model"),
                    {.input = sum({input[0], input[1], input[2], input[3]}), .output = row.count("usage_output_tokens"), .cost = row.money("cost_usd")});
}

bool isAnthropicPage(const Json &object)
{
    const auto data = object.find("data");
    if (data == object.end() || !data->is_array() || object.contains("object"))
        return false;
    return data->empty() ? object.contains("has_more") : data->front().is_object() && data->front().contains("starting_at");
}

Result<> readAnthropicPage(const Json &object, BillBuilder &bill)
{
    for (const Json &bucket : object.at("data")) {
        const auto day = bucket.is_object() ? readDay(textOf(bucket, "starting_at")) : std::nullopt;
        const auto results = bucket.is_object() ? bucket.find("results") : bucket.end();
        if (!day || results == bucket.end() || !results->is_array())
            return fail(ErrorCode::Invalid, "A bucket has no starting_at or no results.");
        for (const Json &result : *results) {
            if (!result.is_object())
                return fail(ErrorCode::Invalid, "A result is no object.");
            bill.countRow();
            if (auto read = result.contains("amount") ? readCost(result, *day, bill) : readUsage(result, *day, bill); !read)
                return read;
        }
    }
    if (object.value("has_more", Json(false)) == Json(true))
        bill.note("The last page says that there is more: later days may be missing.");
    return {};
}

} // namespace gateway::billing
