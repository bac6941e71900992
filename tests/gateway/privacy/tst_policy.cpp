// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/privacy/analyzer_text.h"
#include "gateway/privacy/folded_text.h"
#include "gateway/privacy/lower_case.h"
#include "gateway/privacy/scanner.h"
#include "tests/gateway/privacy/corpus.h"
#include "tests/gateway/privacy/policies.h"

#include <QTest>

#include <algorithm>
#include <ctime>

using namespace gateway::privacy;

namespace {

/// "email=anna@example.com;iban=...": what is found in a text, in its order.
std::string foundIn(const std::shared_ptr<const Policy> &policy, const std::string &text)
{
    Scanner scanner(policy);
    std::string out;
    for (const Hit &hit : scanner.scan(text))
        out += (out.empty() ? "" : ";") + policy->rules()[hit.rule].name + "=" + std::string(hit.in(text));
    return out;
}

const Rule *ruleNamed(const Policy &policy, std::string_view name)
{
    const auto rule = std::ranges::find(policy.rules(), name, &Rule::name);
    return rule == policy.rules().end() ? nullptr : &*rule;
}

} // namespace

/// Policies made ready, own rules, and the texts that are looked at.
class tst_Policy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nearestRuleCounts();
    void whatIsOffIsAsIfItWereNotThere();
    void saysWhatIsWrong();
    void contextAndThreshold();
    void dictionaryFindsWholeWords();
    void dictionaryOfManyWords();
    void automatonFindsAll();
    void patternsMatchBehindTheirLiterals();
    void hostilePatternsTakeLinearTime();
    void externalFindingsTakePart();
    void readsAnalyzersAnswers();
    void foldedTextKeepsPlaces();
    void brokenUtf8IsTaken();
};

void tst_Policy::nearestRuleCounts()
{
    const std::string text = "policies: [{name: default, answers: false, rules: [{detect: email, action: mask}, {detect: all}, {detect: regex, name: ticket, pattern: 'T-[0-9]+', action: block}]},"
                             " {name: strict, extends: default, rules: [{detect: all, action: block}, {detect: iban, action: hash}]}]";
    const auto base = policyOf(text, "default"), strict = policyOf(text, "strict");
    QCOMPARE(ruleNamed(*base, "email")->action, PrivacyAction::Mask); // by name before "all"
    QCOMPARE(ruleNamed(*base, "iban")->action, PrivacyAction::Tokenize);
    QCOMPARE(ruleNamed(*strict, "email")->action, PrivacyAction::Block); // its own "all" before what it extends
    QCOMPARE(ruleNamed(*strict, "iban")->action, PrivacyAction::Hash);
    QCOMPARE(ruleNamed(*strict, "ticket")->action, PrivacyAction::Block);
    QVERIFY(!base->looksAtAnswers() && !strict->looksAtAnswers());
    QVERIFY(base->tokenizes() && !strict->tokenizes());
    QVERIFY(policyWith("{detect: email}")->looksAtAnswers());
    QCOMPARE(policyWith("{detect: email}")->rules().size(), std::size_t {1});
}

void tst_Policy::whatIsOffIsAsIfItWereNotThere()
{
    const std::string text = "policies: [{name: default, rules: [{detect: email, action: mask}, {detect: iban, enabled: false}], guardrails: [{kind: max_bytes, limit: 9, enabled: false}, {kind: injection}]},"
                             " {name: strict, extends: default, rules: [{detect: email, action: block, enabled: false}]}]";
    const auto base = policyOf(text, "default"), strict = policyOf(text, "strict");
    QCOMPARE(base->rules().size(), std::size_t {1});
    QVERIFY(!ruleNamed(*base, "iban"));
    QCOMPARE(base->guards().all().size(), std::size_t {1});
    QCOMPARE(ruleNamed(*strict, "email")->action, PrivacyAction::Mask); // what it extends has one that is on
}

void tst_Policy::saysWhatIsWrong()
{
    const auto names = detectorNames();
    const auto read = gateway::config::readPrivacy("policies: [{name: a, rules: [{detect: regex, name: bad, pattern: '(x'}]}]", names);
    QVERIFY(read);
    const auto policy = Policy::compile(*read, "a");
    QVERIFY(!policy);
    QCOMPARE(policy.error()[0].field, std::string("privacy.policies[0].rules[0].pattern"));
    QVERIFY2(policy.error()[0].message.find("missing )") != std::string::npos, policy.error()[0].message.c_str());
    QVERIFY(!Policy::compile(*read, "b"));
}

void tst_Policy::contextAndThreshold()
{
    QCOMPARE(foundIn(policyWith("{detect: passport, context: [dossier]}"), "dossier C01X00T47"), std::string("passport=C01X00T47"));
    QCOMPARE(foundIn(policyWith("{detect: passport}"), "dossier C01X00T47"), std::string());
    QCOMPARE(foundIn(policyWith("{detect: passport, threshold: 0.2}"), "the C01X00T47"), std::string("passport=C01X00T47"));
    QCOMPARE(foundIn(policyWith("{detect: us_ssn, threshold: 0.9}"), "at 536-90-4399 in"), std::string());
    QCOMPARE(foundIn(policyWith("{detect: us_ssn, threshold: 0.9}"), "SSN 536-90-4399"), std::string("us_ssn=536-90-4399"));
    const auto own = policyWith("{detect: regex, name: code, pattern: '[0-9]{6}', threshold: 0.9, context: [Zugangscode]}");
    QCOMPARE(foundIn(own, "Zugangscode f\u00fcr Sie: 123456"), std::string("code=123456"));
    QCOMPARE(foundIn(own, "Nummer 123456"), std::string());
    // A word that names another number stands nearer than the one for the passport.
    QCOMPARE(foundIn(policyWith("{detect: passport}"), "passport: later; order C01X00T47"), std::string());
}

void tst_Policy::dictionaryFindsWholeWords()
{
    const auto policy = policyWith("{detect: dictionary, name: names, words: [Bluebird, Heron, \"Grey Heron\", \u00c4rger, \u0396\u03b5\u03cd\u03c2]}");
    QCOMPARE(foundIn(policy, "bluebird, BLUEBIRDS, \u201cHeron\u201d, grey heron; \u00e4RGER \u00c4rgern x_heron heron2 \u03b6\u03b5\u03cd\u03c2"),
             std::string("names=bluebird;names=Heron;names=grey heron;names=\u00e4RGER;names=\u03b6\u03b5\u03cd\u03c2"));
}

void tst_Policy::dictionaryOfManyWords()
{
    corpus::Random random(11);
    gateway::config::PrivacyRule rule {.detect = "dictionary", .name = "words"};
    for (int i = 0; i < 100'000; ++i)
        rule.words.push_back("w" + random.from("abcdefghijklmnop", 4 + random.below(8)));
    const auto policy = Policy::compile({{.name = "default", .rules = {rule}}}, "default");
    QVERIFY(policy);
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += rule.words[random.below(rule.words.size())] + " nothing ";
    QCOMPARE(std::ranges::count(foundIn(*policy, text), '='), std::ptrdiff_t {1000});
}

void tst_Policy::automatonFindsAll()
{
    corpus::Random random(12);
    for (int round = 0; round < 200; ++round) {
        std::vector<std::string> words;
        for (std::size_t i = 0; i < 12; ++i)
            words.push_back(random.from("ab", 1 + random.below(5)));
        std::ranges::sort(words);
        words.erase(std::ranges::unique(words).begin(), words.end());
        const WordAutomaton automaton(words);
        const std::string text = random.from("abc", 60);
        std::vector<std::pair<std::size_t, std::size_t>> found, expected;
        automaton.scan(text, [&](std::uint32_t word, std::size_t from, std::size_t to) {
            found.emplace_back(from, to);
            return text.substr(from, to - from) == words[word];
        });
        for (std::size_t from = 0; from < text.size(); ++from) {
            for (const std::string &word : words) {
                if (text.compare(from, word.size(), word) == 0)
                    expected.emplace_back(from, from + word.size());
            }
        }
        std::ranges::sort(found);
        std::ranges::sort(expected);
        QCOMPARE(found, expected);
        std::size_t begun = 0;
        for (const std::string &word : words) {
            for (std::size_t size = 1; size <= word.size(); ++size)
                begun = text.ends_with(word.substr(0, size)) ? std::max(begun, size) : begun;
        }
        QCOMPARE(automaton.begunAtEnd(text), begun);
    }
}

void tst_Policy::patternsMatchBehindTheirLiterals()
{
    const auto policy = policyWith("{detect: regex, name: ticket, pattern: '(?i)tck-[0-9]{6}'}, {detect: regex, name: digits, pattern: '\\b[0-9]{3}\\b'}, {detect: regex, name: town, pattern: 'M\u00fcnchen|K\u00f6ln'},"
                                   " {detect: regex, name: empty, pattern: 'q*'}");
    QCOMPARE(foundIn(policy, "Tck-123456 123 M\u00fcnchen"), std::string("ticket=Tck-123456;digits=123;town=M\u00fcnchen"));
    QCOMPARE(foundIn(policy, "qq"), std::string("empty=qq"));
    QVERIFY(policyWith("{detect: regex, name: a, pattern: 'TCK-[0-9]+\\.x'}")->patterns().withinWords());
    for (const char *pattern : {"a b", "a.b", "a\\sb", "[^x]+", "a\\W", "[[:space:]]"})
        QVERIFY2(!policyWith(std::string("{detect: regex, name: a, pattern: '") + pattern + "'}")->patterns().withinWords(), pattern);
}

void tst_Policy::hostilePatternsTakeLinearTime()
{
    const auto policy = policyWith("{detect: regex, name: a, pattern: '(a+)+$'}, {detect: regex, name: b, pattern: '(a|aa)+b'}, {detect: regex, name: c, pattern: '([a-z]+)*[0-9]'}, {detect: regex, name: d, pattern: '(.*)(.*)(.*)x'}, {detect: regex, name: e, pattern: 'a.*b|a'}");
    Scanner scanner(policy);
    const std::string text(60'000, 'a');
    const std::clock_t from = std::clock();
    (void)scanner.scan(text + "!");
    QVERIFY(std::clock() - from < 10 * CLOCKS_PER_SEC); // an engine that tries ways one by one takes longer than the sun
}

void tst_Policy::externalFindingsTakePart()
{
    const auto policy = policyWith("{detect: email}, {detect: external, name: presidio, url: \"http://127.0.0.1:5002/analyze\", entities: [PERSON, LOCATION], threshold: 0.6}");
    QCOMPARE(policy->external().size(), std::size_t {1});
    const std::uint32_t person = policy->external()[0].firstRule;
    QCOMPARE(policy->rules()[person].label, std::string("PERSON"));
    Scanner scanner(policy);
    const std::string text = "Anna <anna@example.com> in Bonn";
    const std::array external {Hit {0, 4, person, 0.85}, Hit {6, 10, person, 0.9}, Hit {27, 31, person + 1, 0.5}};
    const auto hits = scanner.scan(text, external);
    QCOMPARE(hits.size(), std::size_t {2}); // inside the address; below the threshold
    QCOMPARE(hits[0].in(text), std::string_view("Anna"));
    QCOMPARE(hits[1].in(text), std::string_view("anna@example.com"));
}

void tst_Policy::readsAnalyzersAnswers()
{
    const auto policy = policyWith("{detect: external, name: presidio, url: \"http://127.0.0.1:5002/analyze\", entities: [PERSON, LOCATION]}");
    const ExternalDetector &detector = policy->external()[0];
    QCOMPARE(analyzerRequest(detector, "J\u00fcrgen \"x\""), std::string("{\"text\":\"J\u00fcrgen \\\"x\\\"\",\"language\":\"en\",\"entities\":[\"PERSON\",\"LOCATION\"]}"));
    const std::string text = "\u00dcmit in K\u00f6ln";
    const auto hits = readAnalyzerAnswer(detector, text, R"([{"entity_type":"LOCATION","start":8,"end":12,"score":0.85},{"entity_type":"DATE_TIME","start":0,"end":1,"score":1},{"entity_type":"PERSON","start":0,"end":4,"score":0.6}])");
    QVERIFY(hits);
    QCOMPARE(hits->size(), std::size_t {2});
    QCOMPARE((*hits)[0].in(text), std::string_view("K\u00f6ln"));
    QCOMPARE(policy->rules()[(*hits)[0].rule].name, std::string("LOCATION"));
    QCOMPARE((*hits)[1].in(text), std::string_view("\u00dcmit"));
    for (const char *answer : {"", "{}", "[1]", R"([{"entity_type":"PERSON","start":0}])", R"([{"entity_type":"PERSON","start":0,"end":99}])", R"([{"entity_type":"PERSON","start":3,"end":2}])", R"([{"entity_type":"PERSON","start":-1,"end":2}])"})
        QVERIFY2(!readAnalyzerAnswer(detector, text, answer), answer);
    QVERIFY(!readAnalyzerAnswer(detector, "\xff", "[]"));
}

void tst_Policy::foldedTextKeepsPlaces()
{
    FoldedText folded;
    const std::string text = "\u00c4\u00a01\u200b\uff12\u2013\\u0033\\\\n%40\xff\U0001F600z";
    folded.fold(text);
    QCOMPARE(folded.bytes(), std::string_view("\xe4 12-3\n@\x81\x81z"));
    for (std::size_t i = 0; i < folded.bytes().size(); ++i) {
        QVERIFY(folded.beginOf(i) < folded.endOf(i + 1) && folded.endOf(i + 1) <= folded.beginOf(i + 1));
        QCOMPARE(folded.foldedAt(folded.beginOf(i)), i);
    }
    QCOMPARE(folded.beginOf(folded.bytes().size()), text.size());
    const std::string plain = "plain";
    folded.fold(plain);
    QCOMPARE(static_cast<const void *>(folded.bytes().data()), static_cast<const void *>(plain.data()));
    QCOMPARE(lowerCase("\u00c4\u0160\u0416\u03a9\u0130X\xc3"), std::string("\u00e4\u0161\u0436\u03c9\u0130x\xc3"));
}

void tst_Policy::brokenUtf8IsTaken()
{
    const auto policy = policyWith("{detect: all}, {detect: dictionary, name: w, words: [heron]}, {detect: regex, name: r, pattern: 'x.y'}");
    corpus::Random random(13);
    Scanner scanner(policy);
    for (int round = 0; round < 2000; ++round) {
        std::string text;
        for (int i = 0; i < 80; ++i)
            text += static_cast<char>(random.oneIn(3) ? random.below(256) : "1a@-:.\\ <"[random.below(9)]);
        std::size_t last = 0;
        for (const Hit &hit : scanner.scan(text)) {
            QVERIFY(hit.from >= last && hit.from < hit.to && hit.to <= text.size());
            last = hit.to;
        }
    }
    QCOMPARE(foundIn(policy, "\xff" "anna@example.com\xc3"), std::string("email=anna@example.com"));
}

QTEST_APPLESS_MAIN(tst_Policy)
#include "tst_policy.moc"
