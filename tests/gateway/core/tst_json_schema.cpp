// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/json_schema.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace gateway;
using nlohmann::json;

class tst_JsonSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatAValueLacks_data();
    void tellsWhatAValueLacks();
    void everyPlaceIsTold();
    void schemasThatReferToThemselvesEnd();
};

void tst_JsonSchema::tellsWhatAValueLacks_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("problem");
    const auto row = [](const char *schema, const char *value, const char *problem) { QTest::addRow("%s %s", schema, value) << QByteArray(schema) << QByteArray(value) << QByteArray(problem); };
    row("{}", "5", "");
    row("true", "5", "");
    row("false", "5", "$: nothing may be here");
    row(R"({"type":"string"})", "\"x\"", "");
    row(R"({"type":"string"})", "5", "$: 5 is no string");
    row(R"({"type":["string","null"]})", "null", "");
    row(R"({"type":["string","null"]})", "5", "$: 5 is no [\"string\",\"null\"]");
    row(R"({"type":"integer"})", "5.0", "");
    row(R"({"type":"integer"})", "5.5", "$: 5.5 is no integer");
    row(R"({"type":"number"})", "5", "");
    row(R"({"type":"null"})", "0", "$: 0 is no null");
    row(R"({"enum":["a",1]})", "1", "");
    row(R"({"enum":["a",1]})", "\"b\"", "$: \"b\" is none of [\"a\",1]");
    row(R"({"const":{"a":1}})", R"({"a":2})", "$: {\"a\":2} is not {\"a\":1}");
    row(R"({"required":["a"]})", "{}", "$: \"a\" is missing");
    row(R"({"required":["a"]})", "[]", "");
    row(R"({"properties":{"a":{"type":"string"}}})", R"({"a":1})", "$.a: 1 is no string");
    row(R"({"properties":{"a":{}},"additionalProperties":false})", R"({"a":1,"b":2})", "$.b: the schema does not have it");
    row(R"({"additionalProperties":{"type":"number"}})", R"({"b":"x"})", "$.b: \"x\" is no number");
    row(R"({"items":{"type":"number"}})", R"([1,"x"])", "$[1]: \"x\" is no number");
    row(R"({"minItems":2})", "[1]", "$: it has 1 items, fewer than 2");
    row(R"({"maxItems":1})", "[1,2]", "$: it has 2 items, more than 1");
    row(R"({"minLength":3})", "\"äö\"", "$: it has 2 characters, fewer than 3");
    row(R"({"maxLength":3})", "\"äöü\"", "");
    row(R"({"minimum":1,"maximum":2})", "1", "");
    row(R"({"minimum":1})", "0.5", "$: 0.5 is against minimum 1");
    row(R"({"exclusiveMaximum":2})", "2", "$: 2 is against exclusiveMaximum 2");
    row(R"({"anyOf":[{"type":"string"},{"type":"null"}]})", "null", "");
    row(R"({"anyOf":[{"type":"string"},{"type":"null"}]})", "1", "$: 1 fits none of anyOf");
    row(R"({"oneOf":[{"type":"number"},{"type":"integer"}]})", "1", "$: 1 fits more than one of oneOf");
    row(R"({"allOf":[{"type":"number"},{"minimum":3}]})", "1", "$: 1 is against minimum 3");
    row("{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"string\"}}}", "1", "$: 1 is no string");
    row("{\"$ref\":\"#/definitions/none\"}", "1", "$: the schema refers to \"#/definitions/none\", which is not in it");
    row("{\"$ref\":\"https://example.org/a\"}", "1", "$: the schema refers to \"https://example.org/a\", which is not in it");
}

void tst_JsonSchema::tellsWhatAValueLacks()
{
    QFETCH(QByteArray, schema);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, problem);
    const auto problems = schemaProblems(json::parse(schema.toStdString()), json::parse(value.toStdString()));
    QCOMPARE(problems.empty() ? QByteArray() : QByteArray::fromStdString(problems.front()), problem);
}

void tst_JsonSchema::everyPlaceIsTold()
{
    const json schema = json::parse(R"({"type":"object","required":["items"],"properties":{"items":{"type":"array","items":{"type":"object","required":["price"],"properties":{"price":{"type":"number"}}}}}})");
    const auto problems = schemaProblems(schema, json::parse(R"({"items":[{"price":1},{"price":"x"},{}]})"));
    QCOMPARE(problems, (std::vector<std::string> {"$.items[1].price: \"x\" is no number", "$.items[2]: \"price\" is missing"}));
}

void tst_JsonSchema::schemasThatReferToThemselvesEnd()
{
    QVERIFY(!schemaProblems(json::parse("{\"$ref\":\"#\"}"), json(1)).empty());
    QVERIFY(!schemaProblems(json::parse("{\"anyOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}"), json(1)).empty()); // soon
    const json tree = json::parse("{\"properties\":{\"next\":{\"$ref\":\"#\"}},\"required\":[\"value\"]}");
    QVERIFY(schemaProblems(tree, json::parse(R"({"value":1,"next":{"value":2}})")).empty());
    const auto inner = schemaProblems(tree, json::parse(R"({"value":1,"next":{"value":2,"next":{}}})"));
    QCOMPARE(inner, std::vector<std::string> {"$.next.next: \"value\" is missing"});
}

QTEST_APPLESS_MAIN(tst_JsonSchema)
#include "tst_json_schema.moc"
