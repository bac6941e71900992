// SPDX-License-Identifier: GPL-3.0-or-later
// OpenAI: the usage API's pages and the CSV exports of the usage page, which have the same fields.
#include "gateway/billing/bill_parts.h"

#include "gateway/core/text.h"

namespace gateway::billing {

namespace {

constexpr std::string_view onlyDollars = "Amounts in another currency than USD were left out.";

/// "gpt-4o-2024-08-06, input" is of that model.
std::string_view modelOf(std::string_view item)
{
    return trimmed(item.substr(0, item.find(',')));
}

bool isDollar(std::string_view currency)
{
    return currency.empty() || equalsIgnoringCase(currency, "usd");
}

Result<> readResult(const Json &result, std::chrono::sys_days day, BillBuilder &bill)
{
    bill.countRow();
    const auto amount = result.find("amount");
    if (amount == result.end()) {
        const std::string model = textOf(result, "model");
        return bill.add(day, model, {.calls = countOf(result, "num_model_requests"), .input = countOf(result, "input_tokens"), .output = countOf(result, "output_tokens")});
    }
    if (!amount->is_object() || !amount->contains("value"))
        return fail(ErrorCode::Invalid, "A cost has no amount.value.");
    if (!isDollar(textOf(*amount, "currency"))) {
        bill.note(std::string(onlyDollars));
        return {};
    }
    const auto cost = amountOf(amount->at("value"));
    if (!cost)
        return fail(ErrorCode::Invalid, "amount.value is no amount.");
    return bill.add(day, modelOf(textOf(result, "line_item")), {.cost = cost});
}

} // namespace

bool isOpenAiTable(Columns columns)
{
    return hasColumn(columns, "start_time_iso") && (hasColumn(columns, "num_model_requests") || hasColumn(columns, "amount_value"));
}

Result<> readOpenAiRow(CsvRow &row, BillBuilder &bill)
{
    const auto day = row.day("start_time_iso");
    if (!day)
        return {};
    Figures figures {.calls = row.count("num_model_requests"), .input = row.count("input_tokens"), .output = row.count("output_tokens"), .cost = row.money("amount_value")};
    if (figures.cost && !isDollar(row.text("amount_currency"))) {
        figures.cost.reset();
        bill.note(std::string(onlyDollars));
    }
    return bill.add(*day, row.has("model") ? row.text("model") : modelOf(row.text("line_item")), figures);
}

bool isOpenAiPage(const Json &object)
{
    const auto data = object.find("data");
    if (data == object.end() || !data->is_array())
        return false;
    return textOf(object, "object") == "page" || (!data->empty() && data->front().is_object() && textOf(data->front(), "object") == "bucket");
}

Result<> readOpenAiPage(const Json &object, BillBuilder &bill)
{
    for (const Json &bucket : object.at("data")) {
        const auto start = bucket.is_object() ? countOf(bucket, "start_time") : std::nullopt;
        const auto results = bucket.is_object() ? bucket.find("results") : bucket.end();
        if (!start || results == bucket.end() || !results->is_array())
            return fail(ErrorCode::Invalid, "A bucket has no start_time or no results.");
        for (const Json &result : *results) {
            if (!result.is_object())
                return fail(ErrorCode::Invalid, "A result is no object.");
            if (auto read = readResult(result, dayOf(*start), bill); !read)
                return read;
        }
    }
    if (object.value("has_more", Json(false)) == Json(true))
        bill.note("The last page says that there is more: later days may be missing.");
    return {};
}

} // namespace gateway::billing
