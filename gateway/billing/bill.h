// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/error.h"
#include "gateway/core/reconciliation.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a provider says that was used and what it cost, as exported from its console or its usage API. Plain values.
namespace gateway::billing {

enum class Vendor : std::uint8_t { OpenAi, Anthropic, Google };
std::string_view toText(Vendor vendor); ///< "openai"
/// Whether calls of a provider of this kind (config.md) are on that vendor's bill.
bool billsFor(Vendor vendor, std::string_view kind);

struct BillLine
{
    std::chrono::sys_days day {};  ///< UTC
    std::string model {};          ///< or the item, in the bill's words: "gpt-4o-2024-08-06", "Claude Haiku 4.5"; empty: it does not say
    Figures figures {};
};

/// One or more exports of one vendor.
struct Bill
{
    Vendor vendor = Vendor::OpenAi;
    std::vector<BillLine> lines {};        ///< a line a day and model, by day, then model
    bool tokens = false, costs = false;    ///< what it tells
    std::size_t rows = 0;                  ///< that were read
    std::vector<std::string> notes {};     ///< what was left out and why, for a person; each once
};

inline constexpr std::size_t mostBillLines = 100'000;

/// Reads an export, whichever it is: CSV or JSON (one page of the usage API, or several as an array or a line each) of
///   OpenAI     usage ("Export" of the usage page, /organization/usage/...) or costs (/organization/costs),
///   Anthropic  usage ("usage_report/messages", the console's token CSV) or cost ("cost_report", the console's cost CSV),
///   Google     a Cloud Billing export: the cost table's CSV, or the BigQuery table as JSON lines.
/// Errors: Invalid, with words for a person and line and column in `where`.
Result<Bill> readBill(std::string_view text);

/// Adds another export: tokens from one file and costs from another make one bill. Figures that both know are added up.
/// Errors: Invalid where it is another vendor's.
Result<> merge(Bill &bill, const Bill &other);

} // namespace gateway::billing
