// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/attempts/continuation.h"

#include "gateway/core/text.h"
#include "gateway/pipeline/exchange.h"
#include "gateway/providers/prefix.h"
#include "gateway/stages/attempts/answer_watch.h"
#include "gateway/stages/attempts/joint.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/neutral/blank_text.h"
#include "gateway/wire/neutral/overloaded.h"

namespace gateway::stages {

namespace {

constexpr std::size_t mostSaid = 128 * 1024; // bytes kept of an answer (F24 bounds a call's memory)

/// Formats whose writers take the white space off the end of a prefix, because it is refused there.
bool cutsSpaceOff(wire::WireFormat format)
{
    return format == wire::WireFormat::Anthropic || format == wire::WireFormat::BedrockConverse;
}

} // namespace

bool Continuation::wanted(const pipeline::Exchange &x)
{
    return x.scan.stream && isChat(x.endpoint) && x.route && x.route->rescue == config::Rescue::Continue;
}

void Continuation::begin(const AnswerForm &form)
{
    m_form = &form;
    m_written.clear();
    m_said.resize(m_relayed);
    m_goesOn = m_joining = m_begun;
    m_held.clear();
    if (m_begun)
        return;
    m_writer.reset();
    m_textAlone = true;
    m_used = {};
}

void Continuation::onEvent(const wire::ChatEvent &event)
{
    std::visit(wire::Overloaded {
        [&](const wire::AnswerStart &start) {
            if (m_goesOn)
                return;
            makeWriter(start);
            write(event);
        },
        [&](const wire::TextDelta &delta) { take(delta); },
        // Of a second model's: its thoughts come too late, and its sources point into a text of its own.
        [&](const wire::ThinkingDelta &) { m_goesOn ? void() : write(event); },
        [&](const wire::CitationFound &) { m_goesOn ? void() : write(event); },
        [&](const wire::UsageFound &found) {
            TokenUsage all = found.usage;
            all += m_used;
            write(wire::UsageFound {.usage = all});
        },
        [](const wire::AnswerError &) {},
        [&](const auto &) {
            join(false);
            m_textAlone = false;
            write(event);
        },
    }, event);
}

/// Where the provider's bytes pass, the rest shows the names that they showed.
void Continuation::makeWriter(const wire::AnswerStart &start)
{
    wire::AnswerSettings settings = answerSettings(m_x, *m_form);
    if (m_form->how != AnswerForm::How::Translated && !start.model.empty())
        settings.model = wire::unescapeJson(start.model.raw);
    m_writer = wire::makeStreamWriter(m_form->callers, settings, m_written);
}

void Continuation::write(const wire::ChatEvent &event)
{
    if (m_writer)
        m_writer->onEvent(event);
}

void Continuation::take(const wire::TextDelta &delta)
{
    if (delta.choice != 0) {
        m_textAlone = false;
        write(delta);
    } else if (m_joining) {
        m_held += delta.text.raw;
        join(true);
    } else {
        say(delta.text);
    }
}

void Continuation::say(wire::Chars text)
{
    if (m_said.size() + text.raw.size() > mostSaid)
        m_textAlone = false; // too much to show to another model; what is kept stays a bound
    else
        m_said += text.raw;
    write(wire::TextDelta {.text = text});
}

/// Says what came of the rest, once it is known what of it was said before.
void Continuation::join(bool moreComes)
{
    if (!m_joining)
        return;
    const std::string before = said();
    const std::string more = wire::unescapeJson(m_held);
    const auto repeated = repeatedAt({.said = before, .more = more, .moreComes = moreComes, .spaceCutOff = cutsSpaceOff(m_form->providers)});
    if (!repeated)
        return;
    m_joining = false;
    m_held.clear();
    if (*repeated == more.size())
        return;
    const std::string rest = jsonQuoted(std::string_view(more).substr(*repeated));
    say({std::string_view(rest).substr(1, rest.size() - 2)});
}

void Continuation::setCost(std::optional<Money> cost)
{
    if (m_writer)
        m_writer->setCost(cost);
}

std::string Continuation::errorEvent(const Error &error) const
{
    return m_writer ? m_writer->errorEvent(error) : std::string();
}

void Continuation::hear(wire::AnswerDecoder &decoder, std::string_view type, std::string_view data)
{
    decoder.onEvent(type, data, *this);
    m_written.clear();
}

void Continuation::relayed()
{
    m_relayed = m_said.size();
    m_begun = true;
    if (m_goesOn)
        m_x.record.continued = true;
}

bool Continuation::isPossible() const
{
    if (!m_textAlone || wire::isBlank({std::string_view(m_said).substr(0, m_relayed)}))
        return false;
    const auto asked = providers::readAsked(m_x.endpoint, m_x.scan);
    return asked && providers::mayBeContinued(*asked);
}

std::string Continuation::said() const
{
    return wire::unescapeJson(std::string_view(m_said).substr(0, m_relayed));
}

std::int64_t Continuation::tokensSaid() const
{
    wire::TextSize size;
    size.add(m_said);
    return wire::estimateTokens(size);
}

} // namespace gateway::stages
