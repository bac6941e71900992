// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/config_json.h"
#include "gateway/config/diff.h"
#include "gateway/config/file_layer.h"
#include "gateway/config/prompt.h"
#include "gateway/config/prompt_diff.h"
#include "gateway/config/prompt_edit.h"
#include "gateway/config/prompt_variables.h"
#include "gateway/config/yaml_reader.h"
#include "gateway/config/yaml_writer.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <random>
#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::config;
using nlohmann::json;

namespace {

Prompt prompt(const std::string &text)
{
    auto read = readPrompt(text);
    if (!read)
        qFatal("%s", read.error()[0].text().c_str());
    return std::move(*read);
}

const std::string simple = R"({"name":"summarise","versions":[{"version":1,"model":"gpt-4o","messages":[{"role":"system","content":"Summarise in {{language}}."},{"role":"user","content":"{{text}}"}],"labels":["production"]}]})";

/// A prompt with every field that there is.
const std::string everything = R"({"name":"mail.reply","folder":"support/mail","versions":[
    {"version":1,"model":"gpt-4o","messages":[{"role":"user","content":"Hello ${HOME} vault:x {{who}}"}],"labels":["production"],"note":"${first}","author":"vault:ann"},
    {"version":2,"model":"smart","messages":[{"role":"system","content":""},{"role":"user","content":"{{>greet}} {{#items}}{{name}}{{/items}} {{tone}}{{n}}\nfile:/etc/passwd"}],"partials":{"greet":"Hi {{who}} ${x}"},
     "parameters":{"temperature":0.20,"seed":12345678901234567,"stop":["${y}"]},"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"response_format":{"type":"json_object"},"escape":"json",
     "variables":[{"name":"who"},{"name":"tone","default":"kind","one_of":["kind","dry"],"description":"how ${z}"},{"name":"items","type":"list","required":false,"max_length":3},{"name":"n","type":"number","min":1,"max":2.5,"default":2}],
     "labels":["staging","beta"],"note":"second","author":"ann","created_at":"2026-01-15T12:00:00Z"}],
    "experiment":{"versions":[{"version":1,"weight":9},{"label":"staging","weight":0.5}]},
    "test_sets":[{"name":"basics","cases":[{"name":"one","variables":{"who":"x","items":[{"name":"y"}]},"matches":["^a${1}$"],"not_matches":["vault:b"],"schema":{"type":"object","required":["a"]}},{"name":"two"}]},{"name":"more"}]})";

} // namespace

class tst_Prompts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsPrompts();
    void everyFieldGoesThroughTheFileAndTheStore();
    void anEditIsToldByItsFields();
    void experimentsAndTestSetsAreChecked_data();
    void experimentsAndTestSetsAreChecked();
    void textsAreTakenAsTheyStand();
    void tellsWhatIsWrong_data();
    void tellsWhatIsWrong();
    void referencesNameVersions();
    void labelsMove();
    void versionsDoNotChange();
    void undeclaredVariablesAreThoseOfTheTemplates();
    void valuesAreChecked_data();
    void valuesAreChecked();
    void defaultsStandForWhatIsNotGiven();
    void diffsShowWhatDiffers();
    void equalVersionsHaveNoDiff();
    void diffsGiveBothTextsBack();
};

void tst_Prompts::readsPrompts()
{
    const Prompt read = prompt(R"({"name":"mail.reply","folder":"support/mail","versions":[
        {"version":2,"messages":[{"role":"user","content":"{{>greet}} {{#items}}{{name}}{{/items}} {{tone}}"}],"partials":{"greet":"Hi {{who}}"},
         "parameters":{"temperature":0.20,"seed":12345678901234567},"tools":[{"type":"function"}],"response_format":{"type":"json_object"},"escape":"json",
         "variables":[{"name":"who"},{"name":"tone","default":"kind","one_of":["kind","dry"],"description":"how"},{"name":"items","type":"list","required":false,"max_length":3},{"name":"n","type":"number","min":1,"max":2.5,"default":2}],
         "labels":["staging","beta"],"note":"second","author":"ann","created_at":"2026-01-15T12:00:00Z"},
        {"version":1,"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]}]})");
    QCOMPARE(read.folder, std::string("support/mail"));
    QCOMPARE(read.versions.size(), std::size_t {2});
    QCOMPARE(read.versions[0].version, std::int64_t {1}); // in their order
    const PromptVersion &second = read.versions[1];
    QCOMPARE(second.parameters.text, std::string(R"({"temperature":0.20,"seed":12345678901234567})"));
    QCOMPARE(second.tools, std::string(R"([{"type":"function"}])"));
    QVERIFY(second.escape == PromptEscape::Json);
    QCOMPARE(second.variables.size(), std::size_t {4});
    QVERIFY(second.variables[0].required && !second.variables[1].required);
    QCOMPARE(second.variables[1].defaultValue, std::string("\"kind\""));
    QCOMPARE(second.variables[3].most.value(), 2.5);
    QCOMPARE(second.labels, (std::vector<std::string> {"staging", "beta"}));
    QVERIFY(second.createdAt > WallTime {});
    QCOMPARE(readPrompts("[" + simple + "]").value().size(), std::size_t {1});
}

void tst_Prompts::everyFieldGoesThroughTheFileAndTheStore()
{
    Config config;
    config.prompts.push_back(prompt(everything));
    config.prompts.push_back(prompt(simple));
    // As a file, in which "${" and "vault:" would stand for something in other texts.
    const std::string yaml = toYaml(config);
    const auto read = readConfig(yaml, {.file = "test"});
    QVERIFY2(read.has_value(), read ? "" : (read.error()[0].text() + "\n" + yaml).c_str());
    QVERIFY2(read->config.prompts == config.prompts, yaml.c_str());
    const auto local = readConfig(yaml, {.file = "test", .local = true});
    QVERIFY(local.has_value());
    QVERIFY(local->config.prompts == config.prompts);
    // As JSON, for the store and the admin API; the configuration as a whole, and one.
    config.prompts[0].id = "pr_1";
    config.prompts[0].origin = Origin::File;
    for (const Prompt &each : config.prompts) {
        const auto back = fromJson<Prompt>(toJson(each, Secrets::Include));
        QVERIFY2(back.has_value(), back ? "" : back.error().message.c_str());
        QVERIFY(*back == each);
    }
    const auto whole = fromJson<Config>(toJson(config, Secrets::Include));
    QVERIFY2(whole.has_value(), whole ? "" : whole.error().message.c_str());
    QVERIFY(whole->prompts.size() == 2 && whole->prompts[0].versions == config.prompts[0].versions && whole->prompts[0].experiment == config.prompts[0].experiment
            && whole->prompts[0].testSets == config.prompts[0].testSets);
}

void tst_Prompts::anEditIsToldByItsFields()
{
    Config before, after;
    before.prompts.push_back(prompt(simple));
    before.prompts[0].id = "pr_1";
    after = before;
    after.prompts[0].folder = "mail";
    const std::string words = diffText(before, after);
    QVERIFY2(words.find("prompt summarise") != std::string::npos && words.find("folder") != std::string::npos, words.c_str());
    QVERIFY(diff(before, before).empty());
    after.prompts.clear();
    QVERIFY(!diff(before, after).empty());
    // A file's prompts take no name that the database has.
    Config file;
    file.prompts.push_back(prompt(simple));
    file.prompts[0].origin = Origin::File;
    QVERIFY(!withFile(before, file).has_value());
    file.prompts[0].name = "other";
    const auto laid = withFile(before, file);
    QVERIFY(laid.has_value());
    QCOMPARE(laid->prompts.size(), std::size_t {2});
    const auto without = withFile(*laid, Config {});
    QVERIFY(without.has_value());
    QCOMPARE(without->prompts.size(), std::size_t {1}); // what leaves the file is removed
}

void tst_Prompts::experimentsAndTestSetsAreChecked_data()
{
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *more, const char *field, const char *words) { QTest::newRow(more) << QByteArray(more) << QByteArray(field) << QByteArray(words); };
    row(R"("experiment":{"versions":[{"version":1},{"label":"staging","weight":2}]})", "", "");
    row(R"("experiment":{"versions":[{"version":1}]})", "experiment.versions", "2 to 20");
    row(R"("experiment":{"versions":[{"version":1},{"version":9}]})", "experiment.versions[1].version", "no version 9");
    row(R"("experiment":{"versions":[{"version":1},{"label":"none"}]})", "experiment.versions[1].label", "label \"none\"");
    row(R"("experiment":{"versions":[{"version":1},{"version":2,"label":"staging"}]})", "experiment.versions[1]", "one of both");
    row(R"("experiment":{"versions":[{"version":1},{"weight":2}]})", "experiment.versions[1]", "one of both");
    row(R"("experiment":{"versions":[{"version":1},{"version":1}]})", "experiment.versions[1]", "");
    row(R"("experiment":{"versions":[{"version":1},{"version":2,"weight":0}]})", "experiment.versions[1].weight", "above 0");
    row(R"("experiment":{"version":1})", "experiment.version", "");
    row(R"("test_sets":[{"name":"a","cases":[{"name":"x","variables":{"a":1},"matches":["y"],"not_matches":["z"],"schema":{"type":"object"}}]}])", "", "");
    row(R"("test_sets":[{"name":"a"},{"name":"a"}])", "test_sets[1].name", "");
    row(R"("test_sets":[{"name":"a b"}])", "test_sets[0].name", "no test set's name");
    row(R"("test_sets":[{"name":"a","cases":[{"matches":["y"]}]}])", "test_sets[0].cases[0].name", "no name");
    row(R"("test_sets":[{"name":"a","cases":[{"name":"x","match":["y"]}]}])", "test_sets[0].cases[0].match", "unknown key");
    row(R"("test_sets":[{"name":"a","cases":[{"name":"x","schema":[]}]}])", "test_sets[0].cases[0].schema", "must be a map");
}

void tst_Prompts::experimentsAndTestSetsAreChecked()
{
    QFETCH(QByteArray, more);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, words);
    const auto read = readPrompt((R"({"name":"p","versions":[{"version":1,"messages":[{"role":"user","content":""}]},{"version":2,"messages":[{"role":"user","content":""}],"labels":["staging"]}],)" + more + "}").toStdString());
    QCOMPARE(read.has_value(), field.isEmpty());
    if (read)
        return;
    QCOMPARE(QByteArray::fromStdString(read.error().front().field), field);
    QVERIFY2(read.error().front().message.find(words.toStdString()) != std::string::npos, read.error().front().message.c_str());
}

void tst_Prompts::textsAreTakenAsTheyStand()
{
    const Prompt read = prompt(R"({"name":"p","versions":[{"version":1,"messages":[{"role":"user","content":"${HOME} file:/etc/passwd vault:x"},{"role":"user","content":"vault:key"},{"role":"user","content":"5"}]}]})");
    QCOMPARE(read.versions[0].messages[0].content, std::string("${HOME} file:/etc/passwd vault:x"));
    QCOMPARE(read.versions[0].messages[1].content, std::string("vault:key"));
    QCOMPARE(read.versions[0].messages[2].content, std::string("5"));
}

void tst_Prompts::tellsWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("words");
    const auto row = [](const char *json, const char *field, const char *words) { QTest::newRow(json) << QByteArray(json) << QByteArray(field) << QByteArray(words); };
    const auto version = [&](const std::string &inner, const char *field, const char *words) {
        row((R"({"name":"p","versions":[{"version":1,)" + inner + "}]}").c_str(), field, words);
    };
    row(R"({"name":"a b","versions":[{"version":1,"messages":[{"role":"user","content":""}]}]})", "name", "no prompt's name");
    row(R"({"name":"p"})", "versions", "no version");
    row(R"({"name":"p","version":[]})", "version", "did you mean `versions`?");
    row(R"({"name":"p","versions":[{"messages":[{"role":"user","content":""}]}]})", "versions[0].version", "is missing");
    row(R"({"name":"p","versions":[{"version":0,"messages":[{"role":"user","content":""}]}]})", "versions[0].version", "number them from 1");
    row(R"({"name":"p","versions":[{"version":1,"messages":[{"role":"user","content":""}],"labels":["x"]},{"version":2,"messages":[{"role":"user","content":""}],"labels":["x"]}]})", "versions[1].labels", "on two versions");
    row(R"({"name":"p","versions":[{"version":1,"messages":[{"role":"user","content":""}]},{"version":1,"messages":[{"role":"user","content":""}]}]})", "versions[1].version", "");
    version(R"("messages":[])", "versions[0].messages", "no messages");
    version(R"("messages":[{"role":"robot","content":""}])", "versions[0].messages[0].role", "no role");
    version(R"("messages":[{"role":"user","content":["x"]}])", "versions[0].messages[0].content", "must be a text");
    version(R"("messages":[{"role":"user","content":"a\n {{#b}}"}])", "versions[0].messages[0].content", "line 2, column 2: the section \"b\" is not closed");
    version(R"("messages":[{"role":"user","content":"{{>p}}"}])", "versions[0].messages[0].content", "no partial \"p\"");
    version(R"("messages":[{"role":"user","content":"{{>p}}"}],"partials":{"p":"{{"})", "versions[0].partials.p", "line 1, column 1");
    version(R"("messages":[{"role":"user","content":"{{a}}{{b}}"}],"variables":[{"name":"a"}])", "versions[0].messages[0].content", "\"b\" is not declared");
    version(R"("messages":[{"role":"user","content":"{{a}}"}],"variables":[{"name":"a","type":"date"}])", "versions[0].variables[0].type", "text, number");
    version(R"("messages":[{"role":"user","content":"{{a}}"}],"variables":[{"name":"a","default":5}])", "versions[0].variables[0].default", "must be a text");
    version(R"("messages":[{"role":"user","content":"{{a}}"}],"variables":[{"name":"a","type":"number","min":2,"max":1}])", "versions[0].variables[0].min", "above `max`");
    version(R"("messages":[{"role":"user","content":"{{a}}"}],"variables":[{"name":"a","max":1}])", "versions[0].variables[0].max", "for numbers");
    version(R"("messages":[{"role":"user","content":"{{a}}"}],"variables":[{"name":"a","maxlength":1}])", "versions[0].variables[0].maxlength", "did you mean `max_length`?");
    version(R"("messages":[{"role":"user","content":""}],"labels":["12"])", "versions[0].labels", "no label");
    version(R"("messages":[{"role":"user","content":""}],"tools":{})", "versions[0].tools", "must be a list");
    version(R"("messages":[{"role":"user","content":""}],"escape":"xml")", "versions[0].escape", "none, html, json");
}

void tst_Prompts::tellsWhatIsWrong()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, words);
    const auto read = readPrompt(json.toStdString());
    QVERIFY(!read.has_value());
    const auto error = std::ranges::find_if(read.error(), [](const Problem &problem) { return !problem.warning; });
    QCOMPARE(QByteArray::fromStdString(error->field), field);
    QVERIFY2(error->message.find(words.toStdString()) != std::string::npos, error->message.c_str());
}

void tst_Prompts::referencesNameVersions()
{
    QCOMPARE(parsePromptReference("p").value(), (PromptReference {"p", ""}));
    QCOMPARE(parsePromptReference("p@3").value(), (PromptReference {"p", "3"}));
    QCOMPARE(parsePromptReference("p@staging").value(), (PromptReference {"p", "staging"}));
    for (const char *text : {"", "@3", "p@", "p@1@2"})
        QVERIFY2(!parsePromptReference(text), text);
    Prompt both = prompt(simple);
    QCOMPARE(addVersion(both, both.versions[0]), std::int64_t {2});
    QCOMPARE(findVersion(both, "")->version, std::int64_t {1});
    QCOMPARE(findVersion(both, "2")->version, std::int64_t {2});
    QCOMPARE(findVersion(both, "production")->version, std::int64_t {1});
    QVERIFY(!findVersion(both, "3"));
    QVERIFY(!findVersion(both, "staging"));
    QVERIFY(removeLabel(both, "production").has_value());
    QCOMPARE(findVersion(both, "")->version, std::int64_t {2}); // the latest
    QVERIFY(!findVersion(Prompt {}, ""));
}

void tst_Prompts::labelsMove()
{
    Prompt both = prompt(simple);
    addVersion(both, both.versions[0]);
    QVERIFY(both.versions[1].labels.empty()); // saving moves no label
    QVERIFY(moveLabel(both, "production", 2).has_value());
    QVERIFY(both.versions[0].labels.empty());
    QCOMPARE(findVersion(both, "production")->version, std::int64_t {2});
    QVERIFY(moveLabel(both, "production", 1).has_value());
    QCOMPARE(findVersion(both, "production")->version, std::int64_t {1});
    const auto none = moveLabel(both, "production", 9);
    QVERIFY(!none && none.error().code == ErrorCode::NotFound);
    QCOMPARE(findVersion(both, "production")->version, std::int64_t {1});
    QVERIFY(!removeLabel(both, "other"));
}

void tst_Prompts::versionsDoNotChange()
{
    const Prompt before = prompt(simple);
    Prompt after = before;
    addVersion(after, after.versions[0]);
    QVERIFY(moveLabel(after, "production", 2).has_value());
    QVERIFY(versionProblems(before, after, "prompts[0]").empty());
    after.versions[0].messages[0].content += "!";
    const Problems changed = versionProblems(before, after, "prompts[0]");
    QCOMPARE(changed.size(), std::size_t {1});
    QCOMPARE(changed[0].field, std::string("prompts[0].versions[0]"));
    after.versions.erase(after.versions.begin());
    QCOMPARE(versionProblems(before, after, "prompts[0]").size(), std::size_t {1}); // the label was on it
    Prompt unlabelled = before;
    unlabelled.versions[0].labels.clear();
    QVERIFY(versionProblems(unlabelled, after, "prompts[0]").empty());
}

void tst_Prompts::undeclaredVariablesAreThoseOfTheTemplates()
{
    PromptVersion version;
    version.messages = {{.role = "user", .content = "{{a}} {{#list}}{{b}}{{/list}} {{c.d}} {{>p}}"}};
    version.partials = {{"p", "{{e}}"}};
    std::vector<std::string> required, optional;
    for (const PromptVariable &variable : variablesOf(version))
        (variable.required ? required : optional).push_back(variable.name);
    QCOMPARE(required, (std::vector<std::string> {"a", "e"}));
    QCOMPARE(optional, (std::vector<std::string> {"b", "c", "list"}));
    QVERIFY(filledVariables(version, {{"a", 1}, {"e", "x"}, {"list", {1, 2}}}).has_value()); // of any type
    QCOMPARE(filledVariables(version, {{"a", "x"}}).error().where, std::string("prompt_variables.e"));
}

void tst_Prompts::valuesAreChecked_data()
{
    QTest::addColumn<QByteArray>("variable");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("problem");
    const auto row = [](const char *variable, const char *value, const char *problem) { QTest::addRow("%s %s", variable, value) << QByteArray(variable) << QByteArray(value) << QByteArray(problem); };
    row("{}", "\"x\"", "");
    row("{}", "5", "is a number, and must be a text");
    row(R"({"max_length":3})", "\"äöü\"", "");
    row(R"({"max_length":3})", "\"äöüx\"", "has 4 characters; at most 3 are allowed");
    row(R"({"one_of":["a","b"]})", "\"b\"", "");
    row(R"({"one_of":["a","b"]})", "\"c\"", "is not one of a, b");
    row(R"({"type":"number","min":1,"max":2})", "1.5", "");
    row(R"({"type":"number","min":1,"max":2})", "0", "is below 1");
    row(R"({"type":"number","min":1,"max":2})", "3", "is above 2");
    row(R"({"type":"number"})", "\"3\"", "is a text, and must be a number");
    row(R"({"type":"boolean"})", "true", "");
    row(R"({"type":"boolean"})", "1", "is a number, and must be true or false");
    row(R"({"type":"list","max_length":1})", "[1,2]", "has 2 items; at most 1 are allowed");
    row(R"({"type":"object"})", "{}", "");
    row(R"({"type":"object"})", "[]", "is a list, and must be an object");
}

void tst_Prompts::valuesAreChecked()
{
    QFETCH(QByteArray, variable);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, problem);
    json declared = json::parse(variable.toStdString());
    declared["name"] = "v";
    const json all {{"name", "p"}, {"versions", {{{"version", 1}, {"messages", {{{"role", "user"}, {"content", "{{#v}}{{/v}}"}}}}, {"variables", json::array({declared})}}}}};
    const Prompt read = prompt(all.dump());
    const auto filled = filledVariables(read.versions[0], {{"v", json::parse(value.toStdString())}});
    QCOMPARE(filled.has_value(), problem.isEmpty());
    if (!filled)
        QCOMPARE(QByteArray::fromStdString(filled.error().message), "The prompt's variable \"v\" " + problem + ".");
}

void tst_Prompts::defaultsStandForWhatIsNotGiven()
{
    const Prompt read = prompt(R"({"name":"p","versions":[{"version":1,"messages":[{"role":"user","content":"{{a}}{{b}}{{c}}"}],"variables":[{"name":"a","default":"x"},{"name":"b","required":false},{"name":"c"}]}]})");
    const auto filled = filledVariables(read.versions[0], {{"c", "z"}, {"a", nullptr}});
    QVERIFY(filled.has_value());
    QCOMPARE(filled->dump(), std::string(R"({"a":"x","b":null,"c":"z"})"));
    const auto near = filledVariables(read.versions[0], {{"c", "z"}, {"aa", 1}});
    QVERIFY(near.error().message.find("did you mean") != std::string::npos || near.error().message.find("it has a, b, c") != std::string::npos);
}

void tst_Prompts::diffsShowWhatDiffers()
{
    const PromptVersion before = prompt(simple).versions[0];
    PromptVersion after = before;
    after.messages[0].content = "Summarise in {{language}}.\nBe brief.";
    after.parameters.text = R"({"temperature":0})";
    after.model = "smart";
    const std::vector<DiffPart> parts = diff(before, after);
    QCOMPARE(parts.size(), std::size_t {3});
    QCOMPARE(parts[0].what, std::string("model"));
    QCOMPARE(parts[1].what, std::string("message 1"));
    using Kind = DiffLine::Kind;
    QVERIFY((parts[1].lines == std::vector<DiffLine> {{Kind::Equal, "system:"}, {Kind::Equal, "Summarise in {{language}}."}, {Kind::Added, "Be brief."}}));
    QCOMPARE(parts[2].what, std::string("parameters"));
}

void tst_Prompts::equalVersionsHaveNoDiff()
{
    const PromptVersion version = prompt(simple).versions[0];
    PromptVersion relabelled = version;
    relabelled.labels = {"staging"};
    relabelled.version = 7;
    relabelled.note = "the same";
    QVERIFY(diff(version, relabelled).empty());
}

void tst_Prompts::diffsGiveBothTextsBack()
{
    std::mt19937 chance(1);
    const auto text = [&] {
        std::string out;
        for (std::uint32_t lines = chance() % 12; lines > 0; --lines)
            out += std::string(chance() % 2, 'a') + std::string(chance() % 2, 'b') + "\n";
        return chance() % 2 == 0 || out.empty() ? out : out.substr(0, out.size() - 1);
    };
    const auto joined = [](const std::vector<DiffLine> &lines, DiffLine::Kind without) {
        std::string out;
        for (const DiffLine &line : lines) {
            if (line.kind != without)
                out += line.text + "\n";
        }
        return out.empty() ? out : out.substr(0, out.size() - 1);
    };
    for (int i = 0; i < 3000; ++i) {
        const std::string before = text(), after = text();
        const std::vector<DiffLine> lines = diffLines(before, after);
        QCOMPARE(joined(lines, DiffLine::Kind::Added), before);
        QCOMPARE(joined(lines, DiffLine::Kind::Removed), after);
    }
    const std::string huge(20'000, '\n'), other = huge + "x";
    QVERIFY(diffLines("a" + huge + "b", "c" + other + "d").size() >= 20'000); // linear where the table would be too large
}

QTEST_APPLESS_MAIN(tst_Prompts)
#include "tst_prompts.moc"
