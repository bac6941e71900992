// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/neutral/turn_losses.h"

#include "gateway/wire/neutral/overloaded.h"
#include "gateway/wire/neutral/tell_loss.h"

#include <algorithm>

namespace gateway::wire {
namespace {

/// Clients send answers back as they came, with members that are there and say nothing.
bool saysNothing(Json value)
{
    return value.empty() || value.raw == "[]" || value.raw == "{}" || value.raw == "\"\"";
}

bool hasCacheMark(const TextOrMedia &part)
{
    return std::visit([](const auto &what) { return !what.cacheControl.empty(); }, part.value);
}

} // namespace

bool hasCacheMark(const ChatPart &part)
{
    return std::visit(Overloaded {
        [](const TextPart &what) { return !what.cacheControl.empty(); },
        [](const ImagePart &what) { return !what.cacheControl.empty(); },
        [](const FilePart &what) { return !what.cacheControl.empty(); },
        [](const ToolResultPart &what) {
            return !what.cacheControl.empty() || std::ranges::any_of(what.content, [](const TextOrMedia &each) { return hasCacheMark(each); });
        },
        [](const auto &) { return false; },
    }, part);
}

void tellMemberLosses(const ChatMessage &message, std::vector<Loss> &losses)
{
    if (!message.name.empty())
        tellLoss(losses, "messages.name", "the provider's turns have no name");
    for (const UnknownMember &member : message.unknown)
        if (!saysNothing(member.value))
            tellLoss(losses, "messages." + std::string(member.name), "the provider's turns have no such member");
}

void tellTurnLosses(const ChatMessage &message, std::vector<Loss> &losses)
{
    tellMemberLosses(message, losses);
    for (const ChatPart &part : message.parts) {
        if (hasCacheMark(part))
            tellLoss(losses, "cache_control", "the provider knows no such mark");
        if (const auto *file = std::get_if<FilePart>(&part); file && !file->citations.empty())
            tellLoss(losses, "citations", "the provider names no places in documents");
    }
}

std::string resultText(const ToolResultPart &result, std::string_view note, std::vector<Loss> &losses)
{
    std::string text = result.isError ? "Error: " : "";
    const auto lost = [&](std::string_view why) {
        tellLoss(losses, "messages.tool.content", why);
        text += note;
    };
    for (const TextOrMedia &each : result.content) {
        std::visit(Overloaded {
            [&](const TextPart &what) { text += what.text.raw; },
            [&](const ImagePart &) { lost("the provider takes no image in a tool's result"); },
            [&](const FilePart &what) { what.source.kind == MediaSource::Kind::Text ? void(text += what.source.data.raw) : lost("the provider takes no file in a tool's result"); },
        }, each.value);
    }
    return text;
}

} // namespace gateway::wire
