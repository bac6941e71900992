// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/canonical_json.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <random>
#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::wire;
using Json = nlohmann::ordered_json;

namespace {

const KeyHasher hasher(KeyHasher::Key {std::byte {7}});

std::string formOf(const std::string &text, const CanonicalJson::Omit &omit = {})
{
    CanonicalJson canonical(hasher);
    std::string out;
    return canonical.append(text, omit, out) ? out : "no JSON";
}

/// A value of chance, at most `depth` deep.
Json randomValue(std::mt19937 &chance, int depth)
{
    static const std::vector<std::string> words {"", "a", "role", "content", "user", "héllo \"you\"", "line\nbreak", "\xF0\x9F\x98\x80", std::string(300, 'x')};
    const auto pick = [&](std::uint32_t below) { return chance() % below; };
    switch (pick(depth > 0 ? 7 : 5)) {
    case 0: return words[pick(static_cast<std::uint32_t>(words.size()))];
    case 1: return static_cast<int>(pick(1000)) - 500;
    case 2: return 0.5 + static_cast<double>(pick(100));
    case 3: return pick(2) == 0;
    case 4: return nullptr;
    case 5: {
        Json list = Json::array();
        for (std::uint32_t i = pick(5); i > 0; --i)
            list.push_back(randomValue(chance, depth - 1));
        return list;
    }
    default: {
        Json map = Json::object();
        for (std::uint32_t i = pick(6); i > 0; --i)
            map[words[1 + pick(5)] + std::to_string(pick(3))] = randomValue(chance, depth - 1);
        return map;
    }
    }
}

/// The same value with its members in another order.
Json shuffled(const Json &value, std::mt19937 &chance)
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
    std::shuffle(names.begin(), names.end(), chance);
    Json map = Json::object();
    for (const std::string &name : names)
        map[name] = shuffled(value[name], chance);
    return map;
}

} // namespace

class tst_CanonicalJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void orderSpaceAndEscapesDoNotCount_data();
    void orderSpaceAndEscapesDoNotCount();
    void everyValueCounts_data();
    void everyValueCounts();
    void randomTextsAgreeWithWhatTheyMean();
    void membersAreOmittedAtTheTopAlone();
    void aValueIsOmittedWhereItStands();
    void badTextsHaveNoForm_data();
    void badTextsHaveNoForm();
    void deepTextsCostLinearTime();
};

void tst_CanonicalJson::orderSpaceAndEscapesDoNotCount_data()
{
    QTest::addColumn<QByteArray>("one");
    QTest::addColumn<QByteArray>("other");
    const auto row = [](const char *one, const char *other) { QTest::newRow(one) << QByteArray(one) << QByteArray(other); };
    row(R"({"a":1,"b":2})", R"({"b":2,"a":1})");
    row(R"({"a":[1,2,{"x":1,"y":2}]})", "{ \"a\" : [ 1 ,\t2,\r\n{\"y\":2, \"x\" : 1} ] } ");
    row(R"({"a":"é/"})", R"({"\u0061":"\u00e9\/"})");
    row(R"(["\n"])", R"(["\u000A"])");
}

void tst_CanonicalJson::orderSpaceAndEscapesDoNotCount()
{
    QFETCH(QByteArray, one);
    QFETCH(QByteArray, other);
    QCOMPARE(formOf(one.toStdString()), formOf(other.toStdString()));
}

void tst_CanonicalJson::everyValueCounts_data()
{
    QTest::addColumn<QByteArray>("one");
    QTest::addColumn<QByteArray>("other");
    const auto row = [](const char *one, const char *other) { QTest::addRow("%s %s", one, other) << QByteArray(one) << QByteArray(other); };
    row("1", "1.0");
    row("1", "1e0");
    row("1", "\"1\"");
    row("null", "\"null\"");
    row("true", "false");
    row("{}", "[]");
    row("{}", "null");
    row(R"({"a":null})", "{}");
    row(R"({"a":1,"a":2})", R"({"a":2,"a":1})");
    row(R"({"a":1,"a":2})", R"({"a":2})");
    row(R"([1,2])", R"([2,1])");
    row(R"([[1],2])", R"([[1,2]])");
    row(R"(["ab"])", R"(["a","b"])");
    row(R"({"a":{"b":1}})", R"({"a":{},"b":1})");
    row(R"(["\ud800"])", R"(["\ufffd"])");
    row(R"(["\ud800"])", R"(["\ud801"])");
    row(R"(["a\u0000"])", R"(["a"])");
    row(R"({"role":"user","content":"hi"})", R"({"role":"system","content":"hi"})");
    row(R"(["h0123456789abcdef0123456789abcdef"])", R"([["h0123456789abcdef0123456789abcdef"]])");
}

void tst_CanonicalJson::everyValueCounts()
{
    QFETCH(QByteArray, one);
    QFETCH(QByteArray, other);
    QVERIFY(formOf(one.toStdString()) != formOf(other.toStdString()));
}

void tst_CanonicalJson::randomTextsAgreeWithWhatTheyMean()
{
    std::mt19937 chance(20260115);
    std::map<std::string, std::string> formByMeaning, meaningByForm;
    for (int i = 0; i < 4000; ++i) {
        const Json value = randomValue(chance, 4);
        const std::string form = formOf(value.dump());
        const std::string meaning = nlohmann::json::parse(value.dump()).dump(); // with its members in order
        const auto known = meaningByForm.emplace(form, meaning).first;
        QCOMPARE(QByteArray::fromStdString(known->second), QByteArray::fromStdString(meaning));
        const auto same = formByMeaning.emplace(meaning, form).first;
        QVERIFY(same->second == form);
        // Without escapes of surrogate pairs, which count as they are written, any order and any space gives the same.
        QVERIFY(formOf(shuffled(value, chance).dump(static_cast<int>(chance() % 4))) == form);
    }
}

void tst_CanonicalJson::membersAreOmittedAtTheTopAlone()
{
    constexpr std::string_view omitted[] {"stream"};
    const CanonicalJson::Omit omit {.members = omitted};
    QCOMPARE(formOf(R"({"a":1,"stream":true})", omit), formOf(R"({"a":1})"));
    QCOMPARE(formOf(R"({"a":1,"str\u0065am":[{}]})", omit), formOf(R"({"a":1})"));
    QVERIFY(formOf(R"({"a":{"stream":true}})", omit) != formOf(R"({"a":{}})"));
    QVERIFY(formOf(R"({"a":1,"stream":true})") != formOf(R"({"a":1})"));
}

void tst_CanonicalJson::aValueIsOmittedWhereItStands()
{
    const auto without = [](const std::string &text, const std::string &value) {
        const auto from = static_cast<std::uint32_t>(text.find(value));
        return formOf(text, {.value = {.from = from, .to = from + static_cast<std::uint32_t>(value.size())}});
    };
    const std::string one = without(R"({"m":[{"role":"a"}, "question"]})", R"("question")");
    QCOMPARE(without(R"({"m":[{"role":"a"},{"q":1}]})", R"({"q":1})"), one);
    QVERIFY(without(R"({"m":[{"role":"b"},{"q":1}]})", R"({"q":1})") != one);
    QVERIFY(formOf(R"({"m":[{"role":"a"}]})") != one); // that there is one counts
}

void tst_CanonicalJson::badTextsHaveNoForm_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"", "{", "{\"a\":1,}", "[1,]", "{\"a\" 1}", "tru", "{} {}", "\"a", "[1", "{\"a\":}"})
        QTest::newRow(text) << QByteArray(text);
    QTest::newRow("deep") << QByteArray(600, '[') + QByteArray(600, ']');
}

void tst_CanonicalJson::badTextsHaveNoForm()
{
    QFETCH(QByteArray, text);
    QCOMPARE(formOf(text.toStdString()), std::string("no JSON"));
}

/// Each level has its members in the wrong order, so that each is put in order: what is written must not grow with the depth.
void tst_CanonicalJson::deepTextsCostLinearTime()
{
    std::string text = '"' + std::string(1'000'000, 'x') + '"';
    for (int level = 0; level < 500; ++level)
        text = R"({"b":)" + text + R"(,"a":0})";
    CanonicalJson canonical(hasher);
    std::string out;
    QVERIFY(canonical.append(text, {}, out));
    QVERIFY(out.size() < 300);
}

QTEST_APPLESS_MAIN(tst_CanonicalJson)
#include "tst_canonical_json.moc"
