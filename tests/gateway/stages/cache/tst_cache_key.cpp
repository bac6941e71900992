// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/stages/cache/cache_key.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::stages;
using wire::CallerFormat;
using Json = nlohmann::ordered_json;

namespace {

const KeyHasher hasher(KeyHasher::Key {std::byte {3}});

/// Everything that an answer depends on, as values of a test.
struct Asked
{
    std::string tenant, nameSpace, route, star, prompt, pathModel, beta;
    Endpoint endpoint = Endpoint::ChatCompletions;
    CallerFormat format = CallerFormat::OpenAi;
    Json body;

    [[nodiscard]] std::string text() const
    {
        std::string all;
        for (const std::string &part : {tenant, nameSpace, route, star, prompt, pathModel, beta, std::to_string(static_cast<int>(endpoint)), std::to_string(static_cast<int>(format)),
                                        nlohmann::json::parse(body.dump()).dump()})
            all += jsonQuoted(part) + ",";
        return all;
    }
    [[nodiscard]] AnswerKey key(const std::string &itsBody) const
    {
        const std::array<std::pair<std::string_view, std::string_view>, 1> also {{{"anthropic-beta", beta}}};
        const CacheScope scope {.tenant = tenant, .nameSpace = nameSpace, .route = route, .star = star, .promptVersion = prompt, .pathModel = pathModel, .endpoint = endpoint, .format = format, .also = also};
        CacheKeys keys(hasher);
        return keys.keyOf(scope, itsBody).value();
    }
    static std::string jsonQuoted(const std::string &text) { return Json(text).dump(); }
};

class Chance
{
public:
    explicit Chance(std::uint32_t seed) : m_engine(seed) {}
    std::uint32_t below(std::uint32_t limit) { return m_engine() % limit; }
    template <typename T>
    const T &of(const std::vector<T> &values) { return values[below(static_cast<std::uint32_t>(values.size()))]; }
    std::mt19937 &engine() { return m_engine; }

private:
    std::mt19937 m_engine;
};

Json randomBody(Chance &chance)
{
    static const std::vector<std::string> texts {"", "Hi", "Hi ", "hi", "Wie geht's?", "1", "a\nb", std::string(400, 'q')};
    static const std::vector<std::string> roles {"user", "assistant", "system"};
    Json body;
    body["model"] = chance.of(std::vector<std::string> {"gpt-4o", "gpt-4", "smart"});
    for (std::uint32_t i = 1 + chance.below(3); i > 0; --i) {
        Json content = chance.of(texts);
        if (chance.below(3) == 0)
            content = Json::array({Json {{"type", "text"}, {"text", chance.of(texts)}}});
        body["messages"].push_back(Json {{"role", chance.of(roles)}, {"content", content}});
    }
    if (chance.below(2) == 0)
        body["temperature"] = chance.of(std::vector<double> {0, 0.5, 1});
    if (chance.below(2) == 0)
        body["max_tokens"] = chance.of(std::vector<int> {1, 16, 100});
    if (chance.below(3) == 0)
        body["tools"] = Json::array({Json {{"type", "function"}, {"function", Json {{"name", chance.of(texts)}, {"parameters", Json {{"type", "object"}}}}}}});
    if (chance.below(3) == 0)
        body["user"] = chance.of(std::vector<std::string> {"ann", "ben"});
    return body;
}

/// Fields that lie side by side in the key: texts that would run into one another without their bounds.
Asked randomCall(Chance &chance)
{
    static const std::vector<std::string> names {"", "a", "ab", "b", "1:a", "team:x"};
    return {.tenant = chance.of(names),
            .nameSpace = chance.of(names),
            .route = chance.of(names),
            .star = chance.of(names),
            .prompt = chance.of(names),
            .pathModel = chance.of(names),
            .beta = chance.of(names),
            .endpoint = chance.of(std::vector {Endpoint::ChatCompletions, Endpoint::Messages, Endpoint::Responses, Endpoint::Embeddings}),
            .format = chance.of(std::vector {CallerFormat::OpenAi, CallerFormat::Anthropic, CallerFormat::Gemini, CallerFormat::Responses}),
            .body = randomBody(chance)};
}

Json shuffled(const Json &value, Chance &chance)
{
    if (value.is_array()) {
        Json list = Json::array();
        for (const Json &item : value)
            list.push_back(shuffled(item, chance));
        return list;
    }
    if (!value.is_object())
        return value;
    std::vector<std::string> names;
    for (const auto &entry : value.items())
        names.push_back(entry.key());
    std::shuffle(names.begin(), names.end(), chance.engine());
    Json map = Json::object();
    for (const std::string &name : names)
        map[name] = shuffled(value[name], chance);
    return map;
}

/// Every value of the body, one after another, changed.
std::vector<Json> withOneChange(const Json &body)
{
    std::vector<Json> all;
    const Json flat = body.flatten();
    for (const auto &entry : flat.items()) {
        Json changed = flat;
        changed[entry.key()] = entry.value().is_number() ? Json(entry.value().get<double>() + 0.25) : Json("changed " + entry.value().dump());
        all.push_back(changed.unflatten());
        Json without = flat;
        without.erase(entry.key());
        all.push_back(without.unflatten());
    }
    return all;
}

} // namespace

/// Two calls share an answer if nothing that changes it differs, and never else.
class tst_CacheKey : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void callsThatDifferNeverShareAKey();
    void eachChangeOfABodyChangesTheKey();
    void orderSpaceAndDeliveryChangeNothing();
    void deliveryCountsWhereItIsAskedTo();
    void anotherInstallationHasOtherKeys();
    void conversationsLeaveTheQuestionOut();
    void aBodyThatIsNoJsonHasNoKey();
};

void tst_CacheKey::callsThatDifferNeverShareAKey()
{
    Chance chance(1);
    std::map<AnswerKey, std::string> seen;
    std::map<std::string, AnswerKey> keys;
    for (int i = 0; i < 8000; ++i) {
        const Asked asked = randomCall(chance);
        const AnswerKey key = asked.key(asked.body.dump());
        const auto known = seen.emplace(key, asked.text()).first;
        QCOMPARE(QByteArray::fromStdString(known->second), QByteArray::fromStdString(asked.text()));
        QVERIFY(keys.emplace(asked.text(), key).first->second == key);
    }
    QVERIFY(seen.size() > 7500);
}

void tst_CacheKey::eachChangeOfABodyChangesTheKey()
{
    Chance chance(2);
    int changes = 0;
    for (int i = 0; i < 100; ++i) {
        const Asked asked = randomCall(chance);
        const AnswerKey key = asked.key(asked.body.dump());
        for (const Json &changed : withOneChange(asked.body)) {
            QVERIFY2(asked.key(changed.dump()) != key, (asked.body.dump() + "\n" + changed.dump()).c_str());
            ++changes;
        }
    }
    QVERIFY(changes > 1000);
}

void tst_CacheKey::orderSpaceAndDeliveryChangeNothing()
{
    Chance chance(3);
    for (int i = 0; i < 800; ++i) {
        const Asked asked = randomCall(chance);
        const AnswerKey key = asked.key(asked.body.dump());
        Json other = shuffled(asked.body, chance);
        if (chance.below(2) == 0)
            other["stream"] = chance.below(2) == 0;
        if (chance.below(2) == 0)
            other["stream_options"] = Json {{"include_usage", true}};
        if (chance.below(2) == 0)
            other["signalbox"] = Json {{"cache", "ttl=5"}};
        QVERIFY(asked.key(shuffled(other, chance).dump(static_cast<int>(chance.below(5)))) == key);
    }
}

void tst_CacheKey::deliveryCountsWhereItIsAskedTo()
{
    CacheKeys keys(hasher);
    const std::string body = R"({"model":"m","logprobs":true})";
    QVERIFY(keys.keyOf({}, body, true) != keys.keyOf({}, body, false));
    QVERIFY(keys.keyOf({}, body, true) != keys.keyOf({}, body));
    QVERIFY(keys.keyOf({}, body, true) == keys.keyOf({}, body, true));
}

void tst_CacheKey::anotherInstallationHasOtherKeys()
{
    const KeyHasher another(KeyHasher::Key {std::byte {4}});
    CacheKeys mine(hasher), theirs(another);
    QVERIFY(mine.keyOf({}, "{}") != theirs.keyOf({}, "{}"));
}

void tst_CacheKey::conversationsLeaveTheQuestionOut()
{
    CacheKeys keys(hasher);
    const auto conversation = [&](const std::string &body, const std::string &question, const std::string &tenant) {
        const auto from = static_cast<std::uint32_t>(body.find(question));
        return keys.conversationOf({.tenant = tenant}, body, {.from = from, .to = from + static_cast<std::uint32_t>(question.size())}).value();
    };
    const std::string first = R"({"role":"user","content":"How high is it?"})", second = R"({"content":"How tall is it?","role":"user"})";
    const std::string one = R"({"model":"m","messages":[{"role":"system","content":"s"},)" + first + "]}";
    const std::string same = R"({"messages":[{"role":"system","content":"s"},)" + second + R"(],"model":"m"})";
    const std::string other = R"({"messages":[{"role":"system","content":"t"},)" + second + R"(],"model":"m"})";
    QVERIFY(conversation(one, first, "a") == conversation(same, second, "a"));
    QVERIFY(conversation(one, first, "a") != conversation(other, second, "a"));
    QVERIFY(conversation(one, first, "a") != conversation(one, first, "b"));
    QVERIFY(conversation(one, first, "a") != keys.keyOf({.tenant = "a"}, one).value());
}

void tst_CacheKey::aBodyThatIsNoJsonHasNoKey()
{
    CacheKeys keys(hasher);
    QVERIFY(!keys.keyOf({}, "--boundary"));
    QVERIFY(keys.keyOf({}, "{}"));
}

QTEST_APPLESS_MAIN(tst_CacheKey)
#include "tst_cache_key.moc"
