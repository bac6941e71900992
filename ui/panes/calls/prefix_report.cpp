// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/prefix_report.h"

#include "ui/bridge/chat.h"
#include "ui/bridge/text.h"
#include "ui/panes/calls/price_lookup.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using bridge::qt;
using gateway::CallRecord;
using gateway::Money;
using gateway::PrefixBreak;
using gateway::Prices;

/// What no provider's cache keeps is no loss.
constexpr std::int64_t shortestKept = 1024;

QString tr(const char *text) { return QCoreApplication::translate("calls", text); }

/// Whether there is a cache to read from at all.
bool isCached(const CallRecord &former, const CallRecord &record, const std::optional<Prices> &prices)
{
    const auto used = [](const gateway::TokenUsage &usage) { return usage.cachedInput + usage.cacheWrite + usage.cacheWrite1h > 0; };
    return (prices && prices->cachedInput) || used(former.usage) || used(record.usage);
}

std::optional<Money> costOf(std::int64_t tokens, const CallRecord &record, const std::optional<Prices> &known)
{
    if (!known || !known->cachedInput)
        return std::nullopt;
    const Prices prices = atLength(*known, record.usage.input);
    const Money paid = record.usage.cacheWrite > 0 ? prices.cacheWrite.value_or(prices.input) : record.usage.cacheWrite1h > 0 ? prices.cacheWrite1h.value_or(prices.input) : prices.input;
    return paid.perMillion(tokens) - prices.cachedInput.value_or(prices.input).perMillion(tokens);
}

QString listed(const std::vector<std::string> &names)
{
    constexpr std::size_t most = 5;
    QStringList shown;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
        shown.append(qt(names[i]));
    const QString list = shown.join(u", "_s);
    return names.size() > most ? tr("%1 and %2 more").arg(list).arg(names.size() - most) : list;
}

QString toolWords(const PrefixBreak &found)
{
    if (found.reordered)
        return tr("The tools stand in another order. Send the same tools in the same order.");
    QStringList changes;
    for (const auto &[names, words] : {std::pair(&found.addedTools, tr("added: %1")), std::pair(&found.removedTools, tr("removed: %1")), std::pair(&found.changedTools, tr("changed: %1"))})
        if (!names->empty())
            changes.append(words.arg(listed(*names)));
    return tr("The tools are others (%1). They stand before all else: keep them the same for a whole session.").arg(changes.join(u"; "_s));
}

QString textWords(const QString &what, const gateway::TextBreak &text)
{
    const auto quoted = [](const std::string &piece) { return piece.empty() ? tr("nothing") : u'“' + qt(piece) + u'”'; };
    QString words = tr("%1 differs from character %2 on: %3, then %4.").arg(what, widgets::count(text.character), quoted(text.before), quoted(text.now));
    if (text.time)
        words += u' ' + tr("A date or a time?");
    return words;
}

QString messageWords(const PrefixBreak &found)
{
    const int count = int(found.count);
    const QString which = found.role.empty() ? QString::number(found.message) : tr("%1 (%2)").arg(QString::number(found.message), qt(found.role));
    const QString advice = u' ' + tr("Leave as it is what was sent once, and put what is new behind it.");
    switch (found.change) {
    case PrefixBreak::Change::Removed: return (count == 1 ? tr("Message %1 was left out.").arg(which) : tr("%1 messages were left out, from message %2 on.").arg(count).arg(which)) + advice;
    case PrefixBreak::Change::Added: return (count == 1 ? tr("Message %1 was put in between.").arg(which) : tr("%1 messages were put in between, from message %2 on.").arg(count).arg(which)) + advice;
    case PrefixBreak::Change::Edited: break;
    }
    return textWords(tr("Message %1").arg(which), found.text) + advice;
}

} // namespace

bool mayHaveBrokenPrefix(const CallRecord &record)
{
    return !record.session.empty() && !record.provider.empty() && !record.shadow && record.cachedFrom.empty() && bridge::asksChat(record.endpoint) && record.usage.input - record.usage.cachedInput >= shortestKept;
}

bool couldServe(const CallRecord &former, const CallRecord &record)
{
    return former.provider == record.provider && former.model == record.model && !former.shadow && former.cachedFrom.empty() && bridge::asksChat(former.endpoint) && former.status == gateway::CallStatus::Ok;
}

std::optional<PrefixReport> comparePrefixes(const CallRecord &former, const CallRecord &record, const std::optional<Prices> &prices)
{
    const std::int64_t lost = std::min(former.usage.input, record.usage.input) - record.usage.cachedInput;
    if (lost < shortestKept || !isCached(former, record, prices))
        return std::nullopt;
    PrefixReport report {.before = former.startedAt, .tokens = lost, .cost = costOf(lost, record, prices)};
    if (former.bodies.request.empty() || record.bodies.request.empty())
        return report;
    // As they were sent, where the provider's side of both is known; what passed untouched is the caller's own.
    const bool sent = !former.bodies.sent.empty() && !record.bodies.sent.empty();
    const auto pieces = [sent](const CallRecord &call) {
        const gateway::CapturedBodies &bodies = call.bodies;
        return sent ? gateway::promptPieces(bodies.sent, bodies.sentCut) : gateway::promptPieces(bodies.request, bodies.requestCut, call.decisions.find("tools by name") != std::string::npos);
    };
    const auto before = pieces(former), now = pieces(record);
    if (!before || !now)
        return std::nullopt;
    report.found = gateway::prefixBreak(*before, *now);
    return report.found ? std::optional(std::move(report)) : std::nullopt;
}

QString headlineOf(const PrefixReport &report)
{
    const QString tokens = widgets::count(std::uint64_t(report.tokens)), when = widgets::timeOfDay(report.before);
    const QString cost = report.cost && *report.cost > Money {} ? tr(", which cost about %1").arg(widgets::money(*report.cost)) : QString();
    if (!report.found)
        return tr("About %1 tokens that the session’s call before (%2) had sent too were not read from the cache%3").arg(tokens, when, cost);
    return tr("The prompt’s beginning changed since the session’s call before (%1), so about %2 tokens were not read from the cache%3").arg(when, tokens, cost);
}

QString reasonOf(const PrefixReport &report)
{
    if (!report.found)
        return tr("Why is not known: the two requests were not kept (Settings, Retention).");
    switch (report.found->part) {
    case PrefixBreak::Part::Tools: return toolWords(*report.found);
    case PrefixBreak::Part::System: return textWords(tr("The system text"), report.found->text) + u' ' + tr("Put what changes at the end.");
    case PrefixBreak::Part::Message: break;
    }
    return messageWords(*report.found);
}

} // namespace ui::calls
