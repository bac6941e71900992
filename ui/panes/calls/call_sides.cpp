// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/call_sides.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using gateway::Endpoint;

QString tr(const char *text) { return QCoreApplication::translate("calls", text); }

/// CallRecord::providerFormat, and its name. A word that is not here is shown as it is.
constexpr std::array<std::pair<std::string_view, const char *>, 7> formats {{
    {"openai", "OpenAI chat"},
    {"responses", "OpenAI Responses"},
    {"anthropic", "Anthropic"},
    {"gemini", "Gemini"},
    {"bedrock", "Bedrock"},
    {"cohere", "Cohere"},
    {"ollama", "Ollama"},
}};

QString providerFormat(std::string_view word)
{
    const auto found = std::ranges::find(formats, word, &std::pair<std::string_view, const char *>::first);
    return found == formats.end() ? bridge::qt(word) : QLatin1StringView(found->second);
}

QString programFormat(Endpoint endpoint)
{
    switch (endpoint) {
    case Endpoint::ChatCompletions: return u"OpenAI chat"_s;
    case Endpoint::Completions: return u"OpenAI completions"_s;
    case Endpoint::Embeddings: return u"OpenAI embeddings"_s;
    case Endpoint::Messages: return u"Anthropic"_s;
    case Endpoint::Responses: return u"OpenAI Responses"_s;
    case Endpoint::GenerateContent: return u"Gemini"_s;
    case Endpoint::Models:
    case Endpoint::Other:
    case Endpoint::CountTokens:
    case Endpoint::Images:
    case Endpoint::ImageEdits:
    case Endpoint::Transcriptions:
    case Endpoint::Speech:
    case Endpoint::Moderations:
    case Endpoint::Rerank:
    case Endpoint::Passthrough:
    case Endpoint::Realtime: break; // they go through as they are, or are told apart by their name alone
    }
    return bridge::qt(gateway::toText(endpoint));
}

QString nothingKept(const gateway::CallRecord &record, CallSide side, BodyKind kind)
{
    if (side == CallSide::Provider)
        return kind == BodyKind::Answer ? tr("The provider sent nothing, or nothing was kept of it.") : tr("Nothing was kept of what the provider was sent.");
    if (kind == BodyKind::Request)
        return tr("Nothing was kept of the request: it had no body, or it was refused before it was read.");
    return record.status == gateway::CallStatus::Cancelled ? tr("The caller left before anything was sent.") : tr("Nothing was kept of the answer.");
}

} // namespace

bool sidesDiffer(const gateway::CallRecord &record) { return !record.providerFormat.empty() || !record.bodies.sent.empty() || !record.bodies.received.empty(); }

QString formatOf(const gateway::CallRecord &record, CallSide side)
{
    return side == CallSide::Provider && !record.providerFormat.empty() ? providerFormat(record.providerFormat) : programFormat(record.endpoint);
}

QString formatPair(const gateway::CallRecord &record)
{
    return record.providerFormat.empty() ? QString() : formatOf(record, CallSide::Program) + u" → "_s + formatOf(record, CallSide::Provider);
}

const std::string &bodyOf(const gateway::CapturedBodies &bodies, CallSide side, BodyKind kind)
{
    if (side == CallSide::Program)
        return kind == BodyKind::Request ? bodies.request : bodies.answer;
    return kind == BodyKind::Request ? bodies.sent : bodies.received;
}

bool bodyCut(const gateway::CapturedBodies &bodies, CallSide side, BodyKind kind)
{
    if (side == CallSide::Program)
        return kind == BodyKind::Request ? bodies.requestCut : bodies.answerCut;
    return kind == BodyKind::Request ? bodies.sentCut : bodies.receivedCut;
}

QString missingBody(const gateway::CallDetail &detail, bool complete, bool kept, CallSide side, BodyKind kind)
{
    const gateway::CapturedBodies &bodies = detail.record.bodies;
    if (!complete || !bodyOf(bodies, side, kind).empty())
        return {};
    if (detail.bodiesExpired)
        return tr("Not kept any more: bodies are deleted before the calls themselves (Settings, Retention).");
    if (bodies.dropped)
        return tr("Not kept: too many bodies were waiting to be stored at that moment.");
    if (!kept && bodies.request.empty())
        return tr("Not kept: keeping bodies is off (Settings, Retention).");
    return nothingKept(detail.record, side, kind);
}

} // namespace ui::calls
