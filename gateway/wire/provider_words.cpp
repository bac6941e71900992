// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/provider_words.h"

#include "gateway/core/text.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/retry_after.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace gateway::wire {
namespace {

using nlohmann::json;

constexpr std::size_t maxMessage = 2000;
constexpr std::size_t maxPlain = 200;

const json *member(const json &object, const char *name)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

/// A string as it is, a number as its digits, anything else as nothing.
std::string textOf(const json *value)
{
    if (!value)
        return {};
    if (value->is_string())
        return value->get<std::string>();
    if (value->is_number_integer())
        return std::to_string(value->get<std::int64_t>());
    return {};
}

/// A message may be text, a list (validation errors), or an object around one of those (Mistral).
std::string messageOf(const json *value)
{
    if (!value)
        return {};
    if (value->is_string())
        return value->get<std::string>();
    if (value->is_array()) {
        std::string joined;
        for (const json &entry : *value) {
            const std::string part = messageOf(&entry);
            if (part.empty())
                continue;
            joined += joined.empty() ? "" : "; ";
            joined += part;
        }
        return joined;
    }
    for (const char *name : {"message", "msg", "detail", "error"}) {
        if (std::string part = messageOf(member(*value, name)); !part.empty())
            return part;
    }
    return {};
}

/// Google's details: the reason, how long to wait, whether a daily quota is gone.
void readDetails(const json &error, ProviderWords &words, WallTime wallNow)
{
    const json *details = member(error, "details");
    if (!details || !details->is_array())
        return;
    for (const json &detail : *details) {
        if (std::string reason = textOf(member(detail, "reason")); !reason.empty())
            words.code = std::move(reason);
        if (const std::string delay = textOf(member(detail, "retryDelay")); !delay.empty())
            words.retryAfter = parseWait(delay, wallNow);
        const json *violations = member(detail, "violations");
        if (!violations || !violations->is_array())
            continue;
        for (const json &violation : *violations)
            words.dailyQuota = words.dailyQuota || textOf(member(violation, "quotaId")).find("PerDay") != std::string::npos;
    }
}

/// OpenRouter says in `metadata` what the provider behind it said.
void readMetadata(const json &error, ProviderWords &words)
{
    const json *metadata = member(error, "metadata");
    if (!metadata)
        return;
    words.moderation = words.moderation || member(*metadata, "flagged_input") || member(*metadata, "reasons");
    std::string raw = textOf(member(*metadata, "raw"));
    if (raw.empty())
        return;
    const json inner = json::parse(raw, nullptr, false);
    if (inner.is_object())
        raw = messageOf(&inner);
    if (!raw.empty())
        words.message += (words.message.empty() ? "" : ": ") + raw;
}

int statusIn(const json &object)
{
    for (const char *name : {"status_code", "code", "status"}) {
        const json *value = member(object, name);
        if (!value || !value->is_number_integer())
            continue;
        const auto status = value->get<std::int64_t>();
        if (status >= 400 && status <= 599)
            return static_cast<int>(status);
    }
    return 0;
}

/// Amazon's name for an error, where the body has it: "com.amazon.coral.service#UnknownOperationException", at times within
/// an `Output`.
std::string amazonType(const json &root)
{
    const json *output = member(root, "Output");
    const std::string name = textOf(member(output ? *output : root, "__type"));
    return name.substr(name.find('#') + 1);
}

void readObject(const json &root, ProviderWords &words, WallTime wallNow)
{
    const json *nested = member(root, "error");
    const json &error = nested && nested->is_object() ? *nested : root;
    words.message = nested && nested->is_string() ? nested->get<std::string>() : std::string {};
    for (const char *name : {"message", "Message", "detail", "details", "msg"}) {
        if (words.message.empty())
            words.message = messageOf(member(error, name));
    }
    words.type = textOf(member(error, "type"));
    if (words.type.empty())
        words.type = textOf(member(root, "error_type")); // Cohere
    if (words.type.empty())
        words.type = amazonType(root);
    words.code = textOf(member(error, "code"));
    words.param = textOf(member(error, "param"));
    words.status = statusIn(error);
    if (const json *status = member(error, "status"); status && status->is_string()) {
        words.google = true;
        words.type = status->get<std::string>();
        readDetails(error, words, wallNow);
    }
    if (const json *inner = member(error, "innererror"))
        words.moderation = words.moderation || textOf(member(*inner, "code")) == "ResponsibleAIPolicyViolation";
    readMetadata(error, words);
}

/// The text of a page: its title where it has one.
std::string plainText(std::string_view body)
{
    const std::size_t title = body.find("<title>");
    if (title != std::string_view::npos) {
        const std::string_view rest = body.substr(title + 7);
        return toValidUtf8(truncatedUtf8(trimmed(rest.substr(0, rest.find('<'))), maxPlain));
    }
    std::string text;
    bool inTag = false;
    for (const char c : body.substr(0, 8192)) {
        inTag = c == '<' || (inTag && c != '>');
        if (inTag)
            continue;
        const bool space = c == '>' || c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!space)
            text += c;
        else if (!text.empty() && text.back() != ' ')
            text += ' ';
        if (text.size() > maxPlain)
            break;
    }
    return toValidUtf8(truncatedUtf8(trimmed(text), maxPlain));
}

bool isKeyCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '*';
}

/// Within a word, how many characters in front may be shown where the word looks like a key; npos: it does not.
std::size_t shownOfKey(std::string_view word)
{
    constexpr std::array<std::string_view, 15> prefixes {"sk-", "gsk_", "xai-", "pplx-", "fw_", "csk-", "tgp_", "AIza", "sb-", "hf_", "key-", "dk-", "pk-", "eyJ", "ya29."};
    constexpr std::size_t shortestKey = 12;
    for (const std::string_view prefix : prefixes) {
        if (word.size() >= shortestKey && word.starts_with(prefix))
            return prefix.size();
    }
    return std::string_view::npos;
}

/// Whether `text`, in front of `word`, says that a key follows: "API key: ", "Invalid API token '", "Bearer ". Where it
/// does not say so outright, the word must look like one too.
bool announcesKey(std::string_view text, std::string_view word)
{
    constexpr std::array<std::string_view, 2> outright {"key provided", "bearer"};
    constexpr std::array<std::string_view, 7> likely {"api key", "api-key", "api_key", "apikey", "secret key", "api token", "access token"};
    constexpr std::size_t shortest = 8;
    const auto end = text.find_last_not_of(" :='\"`([{<");
    if (word.size() < shortest || end == std::string_view::npos || end + 1 == text.size())
        return false;
    text = text.substr(0, end + 1);
    const auto says = [&](std::string_view words) {
        return text.size() >= words.size() && equalsIgnoringCase(text.substr(text.size() - words.size()), words);
    };
    if (std::any_of(outright.begin(), outright.end(), says))
        return true;
    return word.find_first_of("0123456789*") != std::string_view::npos && std::any_of(likely.begin(), likely.end(), says);
}

/// A key that the provider masked itself, but for its ends.
bool isFragment(std::string_view word)
{
    return word.find("***") != std::string_view::npos && word.find_first_not_of('*') != std::string_view::npos;
}

} // namespace

std::string withoutSecrets(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (!isKeyCharacter(text[at])) {
            out += text[at++];
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && isKeyCharacter(text[end]))
            ++end;
        const std::string_view word = text.substr(at, end - at);
        const bool announced = isFragment(word) || announcesKey(out, word);
        const std::size_t known = shownOfKey(word);
        const std::size_t shown = known == std::string_view::npos && announced ? 0 : known;
        if (shown == std::string_view::npos) {
            out += word;
        } else {
            out += word.substr(0, shown);
            out += "***";
            if (word.ends_with('.'))
                out += '.';
        }
        at = end;
    }
    return out;
}

std::string withoutValues(std::string text, std::span<const std::string> secrets)
{
    constexpr std::string_view mask = "***";
    for (const std::string &secret : secrets) {
        for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + mask.size()))
            text.replace(at, secret.size(), mask);
    }
    return text;
}

ProviderWords readProviderWords(std::string_view body, WallTime wallNow, std::span<const std::string> secrets)
{
    ProviderWords words;
    const std::string_view content = trimmed(body);
    JsonCursor cursor(content);
    // The cursor bounds the nesting, which a provider chooses, before a tree is built of it.
    const bool whole = (content.starts_with('{') || content.starts_with('[')) && cursor.skip() && cursor.atEnd();
    json root = whole ? json::parse(content, nullptr, false) : json(json::value_t::discarded);
    if (root.is_array() && !root.empty())
        root = json(root.front());
    if (root.is_object()) {
        words.json = true;
        readObject(root, words, wallNow);
    } else {
        words.html = content.starts_with('<');
        words.message = plainText(withoutValues(std::string(content), secrets));
    }
    // Values go before patterns and before the cut: what is left of half a key would not be known as one.
    words.message = withoutSecrets(toValidUtf8(truncatedUtf8(withoutValues(std::move(words.message), secrets), maxMessage)));
    words.type = toValidUtf8(truncatedUtf8(withoutValues(std::move(words.type), secrets), 100));
    words.code = toValidUtf8(truncatedUtf8(withoutValues(std::move(words.code), secrets), 100));
    words.param = toValidUtf8(truncatedUtf8(withoutValues(std::move(words.param), secrets), 200));
    return words;
}

} // namespace gateway::wire
