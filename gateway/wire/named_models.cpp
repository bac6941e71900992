// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/named_models.h"

#include "gateway/core/text.h"
#include "gateway/wire/json_cursor.h"
#include "gateway/wire/multipart.h"
#include "gateway/wire/percent.h"
#include "gateway/wire/utf8.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::wire {
namespace {

constexpr int deepest = 128; // of JSON; deeper bodies are not readable

constexpr std::array<std::string_view, 3> memberNames {"model", "model_id", "modelId"};
constexpr std::array<std::string_view, 3> pathNames {"deployments", "model", "engines"}; // and "models"

bool isModelName(std::string_view name)
{
    return std::ranges::any_of(memberNames, [&](std::string_view known) { return equalsIgnoringCase(known, name); });
}

/// Google's "models/gemini-2.5-flash" and "publishers/google/models/..." are the model's name and nothing else.
std::string bare(std::string name)
{
    constexpr std::string_view collection = "models/";
    const std::size_t publisher = name.find("publishers/");
    const std::size_t at = publisher == std::string::npos ? (name.starts_with(collection) ? 0 : std::string::npos) : name.find(collection, publisher);
    return at == std::string::npos ? name : name.substr(at + collection.size());
}

/// "gemini-2.5-flash:generateContent" without what Google does with it; a name's own ":0" or ":latest" stays.
std::string_view withoutAction(std::string_view name)
{
    const std::size_t colon = name.rfind(':');
    if (colon == std::string_view::npos)
        return name;
    const std::string_view word = name.substr(colon + 1);
    const auto isUpper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const bool letters = std::ranges::all_of(word, [&](char c) { return (c >= 'a' && c <= 'z') || isUpper(c); });
    return letters && (word == "predict" || std::ranges::any_of(word, isUpper)) ? name.substr(0, colon) : name;
}

class Collector
{
public:
    void add(std::string name) { keep(bare(std::move(name))); }
    void addFirst(std::string name)
    {
        name = bare(std::move(name)); // once: both must have the same name, or a key's models would be checked against another
        if (m_named.model.empty())
            m_named.model = name;
        keep(std::move(name));
    }

    void readPath(std::string_view path);
    void readQuery(std::string_view query);
    void readBody(std::string_view body, std::string_view contentType);
    NamedModels take() { return std::move(m_named); }

private:
    void keep(std::string name)
    {
        if (!name.empty() && std::ranges::find(m_named.all, name) == m_named.all.end())
            m_named.all.push_back(std::move(name));
    }
    bool readValue(JsonCursor &in, bool isModel, int depth);

    NamedModels m_named;
};

void Collector::readPath(std::string_view path)
{
    while (!path.empty()) {
        path.remove_prefix(1); // its slash
        const std::string_view segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        if (path.size() < 2)
            return;
        if (segment == "models") // OpenAI's names may have slashes
            return addFirst(percentDecoded(withoutAction(path.substr(1))));
        if (std::ranges::find(pathNames, segment) != pathNames.end())
            addFirst(percentDecoded(path.substr(1, path.find('/', 1) - 1)));
    }
}

void Collector::readQuery(std::string_view query)
{
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (!isModelName(percentDecoded(pair.substr(0, equals))) || equals == pair.size())
            continue;
        std::string name(pair.substr(equals + 1));
        std::ranges::replace(name, '+', ' ');
        addFirst(percentDecoded(name));
    }
}

bool Collector::readValue(JsonCursor &in, bool isModel, int depth)
{
    switch (in.type()) {
    case JsonCursor::Type::String: {
        std::string_view raw;
        if (!in.string(raw))
            return false;
        if (isModel)
            depth == 1 ? addFirst(unescapeJson(raw)) : add(unescapeJson(raw));
        return true;
    }
    case JsonCursor::Type::Object:
        return depth < deepest && in.members([&](std::string_view key) {
            return readValue(in, isModelName(key.find('\\') == std::string_view::npos ? key : std::string_view(unescapeJson(key))), depth + 1);
        });
    case JsonCursor::Type::Array: return depth < deepest && in.elements([&] { return readValue(in, false, depth + 1); });
    default: return in.skip();
    }
}

void Collector::readBody(std::string_view body, std::string_view contentType)
{
    if (body.empty())
        return;
    const std::string_view media = trimmed(contentType.substr(0, contentType.find(';')));
    if (equalsIgnoringCase(media, "multipart/form-data")) {
        const auto form = scanMultipart(body, contentType, "-");
        m_named.readable = form.has_value();
        if (form && !form->modelValue.empty())
            addFirst(std::string(form->modelValue.in(body)));
        return;
    }
    JsonCursor in(body, JsonCursor::Strings::Checked);
    const bool json = in.type() == JsonCursor::Type::Object || in.type() == JsonCursor::Type::Array;
    m_named.readable = json && isUtf8(body) && readValue(in, false, 0) && in.atEnd();
}

} // namespace

NamedModels namedModels(std::string_view path, std::string_view query, std::string_view body, std::string_view contentType)
{
    Collector collector;
    collector.readPath(path);
    collector.readBody(body, contentType);
    collector.readQuery(query);
    return collector.take();
}

} // namespace gateway::wire
