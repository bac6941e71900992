// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/core/mustache.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <map>
#include <string>

using namespace gateway;
using nlohmann::json;

namespace {

using Partials = std::map<std::string, std::string, std::less<>>;

/// What is rendered, or "error: line 1, column 2: ...".
std::string rendered(std::string_view text, const json &values, const Partials &partials = {}, MustacheOptions options = {.strict = false})
{
    const auto parsed = MustacheTemplate::parse(text);
    if (!parsed)
        return "error: " + parsed.error().text();
    std::map<std::string, MustacheTemplate, std::less<>> templates;
    for (const auto &[name, source] : partials)
        templates.emplace(name, MustacheTemplate::parse(source).value());
    options.partial = [&](std::string_view name) -> const MustacheTemplate * {
        const auto found = templates.find(name);
        return found == templates.end() ? nullptr : &found->second;
    };
    const auto out = render(*parsed, values, options);
    return out ? *out : "error: " + out.error().text();
}

} // namespace

class tst_Mustache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rendersAsItsSpecificationSays_data();
    void rendersAsItsSpecificationSays();
    void partialsAreIndentedAndBounded();
    void escapesOnlyWhereAsked();
    void tellsWhatIsWrongAndWhere_data();
    void tellsWhatIsWrongAndWhere();
    void strictNamesMustBeGiven();
    void namesAreTold();
    void isBounded();
};

void tst_Mustache::rendersAsItsSpecificationSays_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("values");
    QTest::addColumn<QByteArray>("out");
    const auto row = [](const char *text, const char *values, const char *out) { QTest::addRow("%s %s", text, values) << QByteArray(text) << QByteArray(values) << QByteArray(out); };
    // variables
    row("Hello, {{name}}!", R"({"name":"Ann"})", "Hello, Ann!");
    row("{{ name }}{{{name}}}{{&name}}{{& name }}", R"({"name":"<a&\"b\">"})", R"(<a&"b"><a&"b"><a&"b"><a&"b">)");
    row("{{a}} {{b}} {{c}} {{d}} {{e}}", R"({"a":1,"b":1.50,"c":true,"d":null,"e":[1,"x"]})", "1 1.5 true  [1,\"x\"]");
    row("{{a.b.c}}|{{a.x.c}}|{{none}}", R"({"a":{"b":{"c":"deep"}}})", "deep||");
    row("ü{{name}}世", R"({"name":"界"})", "ü界世");
    row("{ {name} } }}", R"({"name":1})", "{ {name} } }}");
    // sections
    row("{{#on}}yes{{/on}}{{^on}}no{{/on}}", R"({"on":true})", "yes");
    row("{{#on}}yes{{/on}}{{^on}}no{{/on}}", R"({"on":false})", "no");
    row("{{#on}}yes{{/on}}{{^on}}no{{/on}}", R"({"on":[]})", "no");
    row("{{#on}}yes{{/on}}{{^on}}no{{/on}}", R"({"on":""})", "no");
    row("{{#on}}yes{{/on}}{{^on}}no{{/on}}", R"({"on":0})", "yes");
    row("{{#on}}yes{{/on}}{{^on}}no{{/on}}", R"({})", "no");
    row("{{#items}}{{.}},{{/items}}", R"({"items":[1,"b",true]})", "1,b,true,");
    row("{{#items}}{{name}}{{sep}}{{/items}}", R"({"sep":";","items":[{"name":"a"},{"name":"b","sep":"."}]})", "a;b.");
    row("{{#a}}{{b}}{{#c}}{{b}}{{d}}{{/c}}{{/a}}", R"({"a":{"b":"1","c":{"d":"2"}}})", "112");
    row("{{#a}}{{b.c}}{{/a}}", R"({"a":{"b":{}},"b":{"c":"outer"}})", ""); // the first step decides
    row("{{#a.b}}{{c}}{{/a.b}}", R"({"a":{"b":{"c":1}}})", "1");
    row("{{#lists}}{{#.}}{{.}}{{/.}};{{/lists}}", R"({"lists":[[1,2],[3]]})", "12;3;");
    // lines of their own
    row("a\n  {{#s}}\nb\n  {{/s}}\nc", R"({"s":true})", "a\nb\nc");
    row("a\r\n{{#s}}\r\nb\r\n{{/s}}\r\nc", R"({"s":true})", "a\r\nb\r\nc");
    row("{{#s}}\nb{{/s}}", R"({"s":true})", "b");
    row("  {{#s}} x{{/s}}\n", R"({"s":true})", "   x\n");
    row("a {{#s}}\nb\n{{/s}} c", R"({"s":true})", "a \nb\n c");
    row("  {{x}}\n", R"({"x":1})", "  1\n");
    row("{{#s}}{{/s}}\nz", R"({"s":true})", "\nz");
    row("  {{#s}}", "{}", "error: line 1, column 3: the section \"s\" is not closed; close it by {{/s}}");
    // comments, delimiters
    row("a{{! a comment\nof two lines }}b", "{}", "ab");
    row("a\n  {{! alone }}\nb", "{}", "a\nb");
    row("{{=<% %>=}}<%x%>{{x}}<%={{ }}=%>{{x}}", R"({"x":1})", "1{{x}}1");
    row("{{= | | =}}\n|#s||x||/s|", R"({"s":true,"x":2})", "2");
}

void tst_Mustache::rendersAsItsSpecificationSays()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, values);
    QFETCH(QByteArray, out);
    QCOMPARE(QByteArray::fromStdString(rendered(text.toStdString(), json::parse(values.toStdString()))), out);
}

void tst_Mustache::partialsAreIndentedAndBounded()
{
    const json values {{"x", "a\nb"}, {"node", {{"v", 1}, {"next", {{"v", 2}, {"next", false}}}}}};
    QCOMPARE(rendered("[{{>p}}]", values, {{"p", "<{{x}}>"}}), std::string("[<a\nb>]"));
    QCOMPARE(rendered("one\n  {{>p}}\ntwo", values, {{"p", "first\n{{x}}\nlast\n"}}), std::string("one\n  first\n  a\nb\n  last\ntwo"));
    QCOMPARE(rendered(" {{>p}}\n", values, {{"p", "1\n {{>q}}\n2\n"}, {"q", "x\ny\n"}}), std::string(" 1\n  x\n  y\n 2\n"));
    QCOMPARE(rendered("{{#node}}{{>n}}{{/node}}", values, {{"n", "{{v}}{{#next}}{{>n}}{{/next}}"}}), std::string("12"));
    QCOMPARE(rendered("{{>none}}", values), std::string("error: line 1, column 1: there is no partial \"none\""));
    const std::string endless = rendered("\n{{>p}}", values, {{"p", "x\n{{>p}}"}});
    QVERIFY2(endless.starts_with("error: partial \"p\", line 2, column 1: partials may stand in one another 8 deep"), endless.c_str());
}

void tst_Mustache::escapesOnlyWhereAsked()
{
    const json values {{"x", "<\"a\"\n&>"}};
    QCOMPARE(rendered("{{x}}", values), std::string("<\"a\"\n&>"));
    QCOMPARE(rendered("{{x}} {{{x}}} {{&x}}", values, {}, {.escape = MustacheOptions::Escape::Html}), std::string("&lt;&quot;a&quot;\n&amp;&gt; <\"a\"\n&> <\"a\"\n&>"));
    QCOMPARE(rendered("{\"t\":\"{{x}}\"}", values, {}, {.escape = MustacheOptions::Escape::Json}), std::string("{\"t\":\"<\\\"a\\\"\\n&>\"}"));
}

void tst_Mustache::tellsWhatIsWrongAndWhere_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char *text, const char *error) { QTest::newRow(text) << QByteArray(text) << QByteArray(error); };
    row("a\nbü{{name", "line 2, column 3: a tag without its end }}");
    row("{{{name}}", "line 1, column 1: a tag without its end }}}");
    row("{{}}", "line 1, column 1: a tag without a name");
    row("{{a b}}", "line 1, column 1: \"a b\" is no name");
    row("{{.a}}", "line 1, column 1: \".a\" is no name");
    row("{{a..b}}", "line 1, column 1: \"a..b\" is no name");
    row("{{/a}}", "line 1, column 1: \"a\" is closed and was never opened");
    row("\n {{#a}}\n  {{#b}}\n {{/a}}{{/b}}", "line 4, column 2: \"a\" is closed where \"b\", opened at line 3, column 3, is still open");
    row("{{=a=}}", "line 1, column 1: delimiters are two words");
    row("{{=a b c=}}", "line 1, column 1: delimiters are two words");
    row("x{{#a}}{{^a}}", "line 1, column 8: the section \"a\" is not closed");
}

void tst_Mustache::tellsWhatIsWrongAndWhere()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, error);
    const std::string told = rendered(text.toStdString(), json::object());
    QVERIFY2(told.starts_with("error: " + error.toStdString()), told.c_str());
}

void tst_Mustache::strictNamesMustBeGiven()
{
    const auto strictly = [](std::string_view text, const json &values) { return rendered(text, values, {}, {}); };
    QCOMPARE(strictly("a {{b}}", json::object()), std::string("error: line 1, column 3: nothing is given for \"b\""));
    QCOMPARE(strictly("a {{b}}", {{"b", nullptr}}), std::string("a "));
    QCOMPARE(strictly("{{#b}}{{c}}{{/b}}{{^b}}none{{/b}}", json::object()), std::string("none")); // asking is allowed
    QCOMPARE(strictly("{{#b}}{{c}}{{/b}}", {{"b", true}}), std::string("error: line 1, column 7: nothing is given for \"c\""));
}

void tst_Mustache::namesAreTold()
{
    const auto parsed = MustacheTemplate::parse("{{a}}{{#b}}{{c.d}}{{.}}{{>p}}{{/b}}{{^e}}{{/e}}{{{f}}}{{!g}}");
    QVERIFY(parsed.has_value());
    QVERIFY((parsed->names() == std::set<std::string, std::less<>> {"a", "b", "c.d", "e", "f"}));
    QVERIFY((parsed->topNames() == std::set<std::string, std::less<>> {"a", "f"}));
    QVERIFY((parsed->partials() == std::set<std::string, std::less<>> {"p"}));
}

void tst_Mustache::isBounded()
{
    std::string deep;
    for (std::size_t i = 0; i <= MustacheTemplate::deepest; ++i)
        deep += "{{#a}}";
    QVERIFY(rendered(deep, json::object()).find("64 deep") != std::string::npos);
    QVERIFY(rendered(std::string(MustacheTemplate::longest + 1, 'x'), json::object()).find("at most 256 KB") != std::string::npos);
    std::string many;
    for (std::size_t i = 0; i <= MustacheTemplate::mostTags; ++i)
        many += "{{!}}";
    QVERIFY(rendered(many, json::object()).find("20000 tags") != std::string::npos);
    const json list {{"l", json::array({1, 2, 3, 4, 5, 6, 7, 8, 9, 10})}, {"x", std::string(1000, 'x')}};
    const std::string cubed = "{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}.{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}";
    QVERIFY(rendered(cubed, list).find("more than 1000000 parts") != std::string::npos);
    QVERIFY(rendered("{{#l}}{{#l}}{{x}}{{/l}}{{/l}}", list, {}, {.longest = 10 * 1024}).find("more than 10 KB") != std::string::npos);
    const std::string spreading = rendered("{{>p}}", list, {{"p", "{{>p}}{{>p}}{{>p}}{{>p}}{{>p}}{{>p}}{{>p}}{{>p}}"}}); // eight to the eighth
    QVERIFY(spreading.starts_with("error: "));
}

QTEST_APPLESS_MAIN(tst_Mustache)
#include "tst_mustache.moc"
