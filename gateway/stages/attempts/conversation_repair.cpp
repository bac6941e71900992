// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/conversation_repair.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/pipeline/keyed_find.h"
#include "gateway/providers/translate.h"
#include "gateway/stages/attempts/conversation_keys.h"

#include <algorithm>
#include <utility>

namespace gateway::stages {

using pipeline::Exchange;
using pipeline::Task;
using state::KeyedStore;
using wire::WireFormat;

namespace {

constexpr Duration patience = std::chrono::milliseconds {250}; // for a store elsewhere: without it the call goes on

/// As many values as there are keys; empty ones where the store does not answer in time.
Task<KeyedStore::Values> find(Exchange &x, std::vector<KeyedStore::Key> keys)
{
    const std::size_t count = keys.size();
    auto values = co_await pipeline::findValues(x.worker, x.worker.services.conversations, std::move(keys), patience, x.cancel);
    if (values)
        co_return std::move(*values);
    co_return KeyedStore::Values(count);
}

/// Whether there is more than one who seals in that format: else no seal of it can be another's.
bool severalIssuers(const Exchange &x, WireFormat format)
{
    return x.config->severalIssuers[static_cast<std::size_t>(format)];
}

/// The keys of a request's look-ups, and where their answers go.
struct Question
{
    std::vector<KeyedStore::Key> keys {};
    std::vector<std::string_view> seals {}; ///< theirs come first
    std::vector<wire::ModelTurn> turns {};  ///< then, for each, that of its call, and that of the turn where it is asked for
    std::vector<std::size_t> turnOf {};     ///< for each of those keys: which turn
};

Question questionFor(const Exchange &x, WireFormat format, const wire::ChatRequest &asked)
{
    const ConversationKeys keys(x);
    Question question;
    if (severalIssuers(x, format))
        question.seals = wire::sealsFor(asked, format);
    for (const std::string_view seal : question.seals)
        question.keys.push_back(keys.ofSeal(seal));
    const bool claude = format == WireFormat::Anthropic || format == WireFormat::BedrockConverse;
    if (claude && !asked.reasoning)
        return question; // it is not to think: nothing of it is wanted back
    question.turns = wire::turnsWithoutSeal(asked, format);
    const auto add = [&](const KeyedStore::Key &key, std::size_t turn) {
        question.keys.push_back(key);
        question.turnOf.push_back(turn);
    };
    for (std::size_t i = 0; i < question.turns.size(); ++i) {
        if (!question.turns[i].callId.empty())
            add(keys.ofCall(question.turns[i].callId.raw), i);
    }
    // Gemini's clients may lose the ids of calls too; turns without a call have nothing else.
    const bool allHaveIds = std::ranges::none_of(question.turns, [](const wire::ModelTurn &turn) { return turn.callId.empty(); });
    if (allHaveIds && providers::callerFormat(x.endpoint) != WireFormat::Gemini)
        return question;
    const auto ofTurns = keys.ofTurns(asked, question.turns);
    for (std::size_t i = 0; i < ofTurns.size(); ++i)
        add(ofTurns[i], i);
    return question;
}

Seals foreignOf(const Question &question, const KeyedStore::Values &values, std::string_view issuer)
{
    Seals foreign;
    for (std::size_t i = 0; i < question.seals.size(); ++i) {
        if (!values[i].empty() && values[i] != issuer)
            foreign.emplace(question.seals[i]);
    }
    return foreign;
}

void fill(wire::ChatRequest &asked, const Question &question, KeyedStore::Values values, std::string_view issuer)
{
    std::vector<bool> done(question.turns.size());
    for (std::size_t i = 0; i < question.turnOf.size(); ++i) {
        std::string &value = values[question.seals.size() + i];
        const std::size_t turn = question.turnOf[i];
        if (value.empty() || done[turn])
            continue;
        wire::KeptReasoning kept;
        if (!wire::readKept(asked.keep(std::move(value)), kept) || wire::unescapeJson(kept.issuer.raw) != issuer)
            continue; // its maker alone believes it
        wire::giveBack(asked, question.turns[turn], kept);
        done[turn] = true;
    }
}

} // namespace

Task<Seals> foreignSeals(Exchange &x, const AttemptBook &book, WireFormat format, const wire::ChatRequest &asked)
{
    Question question;
    if (!x.worker.services.conversations.empty() && severalIssuers(x, format))
        question.seals = wire::sealsFor(asked, format);
    if (question.seals.empty())
        co_return Seals();
    const ConversationKeys keys(x);
    for (const std::string_view seal : question.seals)
        question.keys.push_back(keys.ofSeal(seal));
    const KeyedStore::Values values = co_await find(x, std::move(question.keys));
    co_return foreignOf(question, values, pipeline::issuerOf(book.provider(), format));
}

Task<void> mendConversation(Exchange &x, const AttemptBook &book, WireFormat format, wire::ChatRequest &asked)
{
    if (x.worker.services.conversations.empty() || !wire::hasSeals(format))
        co_return;
    Question question = questionFor(x, format, asked);
    if (question.keys.empty())
        co_return;
    KeyedStore::Values values = co_await find(x, std::move(question.keys));
    const std::string_view issuer = pipeline::issuerOf(book.provider(), format);
    const Seals foreign = foreignOf(question, values, issuer);
    if (!foreign.empty())
        wire::breakSeals(asked, [&](std::string_view seal) { return foreign.contains(seal); });
    fill(asked, question, std::move(values), issuer);
}

bool collectsReasoning(const Exchange &x, const AnswerForm &form)
{
    return wire::hasSeals(form.providers) && (form.how == AnswerForm::How::Translated || severalIssuers(x, form.providers));
}

void keepReasoning(Exchange &x, const AttemptBook &book, const AnswerForm &form, const wire::ReasoningCollector &reasoning)
{
    if (!reasoning.sealed())
        return;
    KeyedStore &store = x.worker.services.conversations;
    const ConversationKeys keys(x);
    const std::string issuer(pipeline::issuerOf(book.provider(), form.providers));
    if (severalIssuers(x, form.providers)) {
        for (const std::string_view seal : reasoning.seals())
            store.put(keys.ofSeal(seal), issuer, x.now());
    }
    if (form.how != AnswerForm::How::Translated)
        return; // a client of that format knows what it has to keep
    std::string quoted = jsonQuoted(issuer);
    const wire::KeptReasoning kept = reasoning.kept({std::string_view(quoted).substr(1, quoted.size() - 2)});
    const std::string value = wire::writeKept(kept);
    if (!kept.calls.empty() && !kept.calls.front().id.empty())
        store.put(keys.ofCall(kept.calls.front().id.raw), value, x.now());
    if (!kept.calls.empty() && form.callers != WireFormat::Gemini)
        return;
    // By what was said: the request is read again, which few answers need.
    const auto asked = providers::readAsked(x.endpoint, x.scan);
    if (!asked)
        return;
    std::string words = reasoning.words();
    for (const wire::KeptReasoning::Call &call : kept.calls)
        words.append(1, '\x1e').append(wire::unescapeJson(call.name.raw));
    store.put(keys.ofAnswer(*asked, words), value, x.now());
}

} // namespace gateway::stages
