// SPDX-License-Identifier: GPL-3.0-or-later
// Google Cloud Billing: the cost table's CSV export, and rows of the BigQuery export as JSON.
#include "gateway/billing/bill_parts.h"

#include "gateway/core/text.h"

#include <algorithm>

namespace gateway::billing {

namespace {

constexpr std::string_view onlyDollars = "Amounts in another currency than USD were left out; tokens are compared.";

/// Services that sell models: "Gemini API", "Generative Language API", "Vertex AI". Others are on the same bill.
bool sellsModels(std::string_view service)
{
    return service.find("Gemini") != std::string_view::npos || service.find("Generative Language") != std::string_view::npos || service.find("Vertex AI") != std::string_view::npos;
}

bool mentions(std::string_view text, std::string_view word)
{
    return std::ranges::search(text, word, [](char a, char b) { return asciiLower(a) == asciiLower(b); }).begin() != text.end();
}

/// Tokens that a unit of usage stands for: exports count them one by one, or in thousands or millions.
std::optional<std::int64_t> tokensOf(std::optional<Money> amount, std::string_view unit)
{
    if (!amount)
        return std::nullopt;
    const std::int64_t of = mentions(unit, "1000000") || mentions(unit, "million") ? 1'000'000 : mentions(unit, "1000") || mentions(unit, "thousand") ? 1000 : 1;
    if (!mentions(unit, "count") && !mentions(unit, "token"))
        return std::nullopt;
    constexpr std::int64_t nano = 1'000'000'000;
    return amount->nanos() / (nano / of); // an amount is read with nine places, as dollars are
}

/// A SKU names the model, and which of its tokens: "Gemini 2.5 Flash Text Output - Predictions".
Figures figuresOf(std::string_view sku, std::optional<std::int64_t> tokens, std::optional<Money> cost)
{
    Figures figures {.cost = cost};
    if (mentions(sku, "output"))
        figures.output = tokens;
    else if (mentions(sku, "input"))
        figures.input = tokens;
    return figures;
}

} // namespace

bool isGoogleTable(Columns columns)
{
    return hasColumn(columns, "SKU description") && hasColumn(columns, "Service description");
}

Result<> readGoogleRow(CsvRow &row, BillBuilder &bill)
{
    if (!sellsModels(row.text("Service description")))
        return {}; // also the lines with sums at the table's end
    const auto day = row.day("Usage start date");
    if (!day)
        return {};
    std::optional<Money> cost = row.money("Cost ($)");
    if (!cost)
        cost = row.text("Currency").empty() || row.text("Currency") == "USD" ? row.money("Cost") : std::nullopt;
    if (!cost)
        bill.note(std::string(onlyDollars));
    const std::string_view sku = row.text("SKU description");
    return bill.add(*day, sku, figuresOf(sku, tokensOf(row.money("Usage amount"), row.text("Usage unit")), cost));
}

bool isGoogleRecord(const Json &object)
{
    return object.contains("sku") && object.contains("service") && object.contains("usage_start_time");
}

Result<> readGoogleRecord(const Json &object, BillBuilder &bill)
{
    const auto part = [&object](const char *name) { return object.contains(name) && object.at(name).is_object() ? object.at(name) : Json::object(); };
    if (!sellsModels(textOf(part("service"), "description")))
        return {};
    bill.countRow();
    const auto day = readDay(textOf(object, "usage_start_time"));
    if (!day)
        return fail(ErrorCode::Invalid, "usage_start_time is no date.");
    std::optional<Money> cost = object.contains("cost") ? amountOf(object.at("cost")) : std::nullopt;
    if (const std::string currency = textOf(object, "currency"); !currency.empty() && currency != "USD") {
        cost.reset();
        bill.note(std::string(onlyDollars));
    }
    const Json usage = part("usage");
    const std::string sku = textOf(part("sku"), "description");
    return bill.add(*day, sku, figuresOf(sku, tokensOf(usage.contains("amount") ? amountOf(usage.at("amount")) : std::nullopt, textOf(usage, "unit")), cost));
}

} // namespace gateway::billing
