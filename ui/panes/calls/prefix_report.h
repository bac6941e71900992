// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/call_log_view.h"
#include "gateway/core/price_book.h"
#include "gateway/core/prompt_prefix.h"

#include <QString>

#include <optional>

/// Why a session's call could not read from its provider's cache what the session's call before had left there. Pure; any
/// thread, but for the words.
namespace ui::calls {

/// How long after a call its prompt may still be kept: an hour at most is sold.
inline constexpr std::chrono::hours longestPromptLife {1};

struct PrefixReport
{
    gateway::WallTime before {};                ///< when that call began
    std::int64_t tokens = 0;                    ///< that were paid in full, about
    std::optional<gateway::Money> cost {};      ///< what that came to, about; nullopt: not known
    std::optional<gateway::PrefixBreak> found {}; ///< nullopt: bodies were not kept
};

/// Whether a call belongs to a session and sent enough to be looked at.
bool mayHaveBrokenPrefix(const gateway::CallRecord &record);
/// Whether `former`, of the same session, asked the same model at the same provider.
bool couldServe(const gateway::CallRecord &former, const gateway::CallRecord &record);

/// Compares what two calls sent.
/// @param prices  of the model, today; nullopt: not known
/// @return nullopt: nothing was lost, or its beginning is the same as far as it was kept
std::optional<PrefixReport> comparePrefixes(const gateway::CallRecord &former, const gateway::CallRecord &record, const std::optional<gateway::Prices> &prices);

QString headlineOf(const PrefixReport &report);
QString reasonOf(const PrefixReport &report);

} // namespace ui::calls
