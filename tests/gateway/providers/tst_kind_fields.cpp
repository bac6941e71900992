// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/check.h"
#include "gateway/config/field_problem.h"
#include "gateway/config/members.h"
#include "gateway/providers/kind_fields.h"
#include "gateway/providers/provider_table.h"

#include <QTest>

#include <set>

using namespace gateway;
using namespace gateway::providers;
using config::KindField;

/// The table of what each kind's settings are.
class tst_KindFields : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindHasOneRow();
    void everyFieldIsOneOfTheConfiguration();
    void everyWayIsToldFromTheOthers();
    void aFilledFormPassesTheChecks_data();
    void aFilledFormPassesTheChecks();
};

namespace {

constexpr std::string_view account = R"({"type":"service_account","client_email":"bot@p.iam.gserviceaccount.com","private_key":"-----BEGIN PRIVATE KEY-----\nAA==\n"})";

/// What a person would write there.
std::string valueFor(const KindField &field)
{
    if (field.form == KindField::Form::Document)
        return std::string(account);
    if (field.secret || field.example.empty())
        return field.name == "access_key_id" ? "AKIAIOSFODNN7EXAMPLE" : "0123456789abcdef";
    return field.name == "base_url" ? "https://example.org" : std::string(field.example);
}

} // namespace

void tst_KindFields::everyKindHasOneRow()
{
    std::set<std::string_view> seen;
    for (const config::KindFields &row : kindFields()) {
        QVERIFY2(seen.insert(row.kind).second, row.kind.data());
        QVERIFY2(!row.ways.empty(), row.kind.data());
    }
    for (const ProviderKind &kind : providerKinds())
        QVERIFY2(findKindFields(kind.name) != nullptr, kind.name.data());
    for (const char *kind : {"azure", "anthropic", "gemini", "vertex", "bedrock", "cohere"})
        QVERIFY2(findKindFields(kind) != nullptr, kind);
    QVERIFY(findKindFields("nope") == nullptr);
}

void tst_KindFields::everyFieldIsOneOfTheConfiguration()
{
    const auto hasWords = [](const KindField &field) { return !field.title.empty() && field.hint.ends_with('.') && !field.secret; };
    for (const config::KindFields &row : kindFields()) {
        for (const KindField &field : row.provider) {
            const bool pairs = field.form == KindField::Form::Pairs;
            QVERIFY2(pairs ? field.name == "deployments" : config::findProviderMember(field.name) != nullptr, field.name.data());
            QVERIFY2(hasWords(field), field.name.data());
        }
        for (const config::CredentialWay &way : row.ways) {
            QVERIFY2(way.fields.empty() == (way.source != config::CredentialSource::Given), row.kind.data());
            for (const KindField &field : way.fields) {
                const config::CredentialMember *member = config::findCredentialMember(field.name);
                QVERIFY2(member != nullptr, field.name.data());
                QCOMPARE(field.secret, member->isSecret());
                QVERIFY2(!field.title.empty() && field.hint.ends_with('.'), field.name.data());
            }
        }
    }
}

void tst_KindFields::everyWayIsToldFromTheOthers()
{
    for (const config::KindFields &row : kindFields()) {
        for (const config::CredentialWay &way : row.ways) {
            config::Credential credential {.source = way.source};
            for (const KindField &field : way.fields)
                config::findCredentialMember(field.name)->of(credential) = "x";
            QCOMPARE(config::wayOf(row, credential), &way);
        }
    }
}

void tst_KindFields::aFilledFormPassesTheChecks_data()
{
    QTest::addColumn<int>("row");
    QTest::addColumn<int>("way");
    for (int row = 0; row < static_cast<int>(kindFields().size()); ++row) {
        const auto &ways = kindFields()[static_cast<std::size_t>(row)].ways;
        for (int way = 0; way < static_cast<int>(ways.size()); ++way)
            QTest::addRow("%s %d", std::string(kindFields()[static_cast<std::size_t>(row)].kind).c_str(), way) << row << way;
    }
}

/// Filled in from the table alone nothing is wrong; without a field that is needed, that field is named.
void tst_KindFields::aFilledFormPassesTheChecks()
{
    QFETCH(int, row);
    QFETCH(int, way);
    const config::KindFields &kind = kindFields()[static_cast<std::size_t>(row)];
    config::Provider provider {.name = "p", .kind = std::string(kind.kind)};
    for (const KindField &field : kind.provider) {
        if (field.form == KindField::Form::Pairs)
            provider.deployments = {{std::string(field.example), "mine"}};
        else
            provider.*config::findProviderMember(field.name)->text = valueFor(field);
    }
    config::Credential credential {.name = "main", .source = kind.ways[static_cast<std::size_t>(way)].source};
    for (const KindField &field : kind.ways[static_cast<std::size_t>(way)].fields)
        config::findCredentialMember(field.name)->of(credential) = valueFor(field);
    provider.credentials = {credential};
    const auto problemsOf = [](const config::Provider &one) {
        config::Config config;
        config.providers = {one};
        return config::check(config, kindFields());
    };
    for (const config::Problem &problem : problemsOf(provider))
        QVERIFY2(problem.warning && problem.field.ends_with("base_url"), problem.text().c_str());

    for (const KindField &field : kind.provider) {
        if (!field.required)
            continue;
        config::Provider lacking = provider;
        (lacking.*config::findProviderMember(field.name)->text).clear();
        const config::Problems problems = problemsOf(lacking);
        QVERIFY(!problems.empty());
        QCOMPARE(problems.front().field, "providers[0]." + std::string(field.name));
    }
}

QTEST_APPLESS_MAIN(tst_KindFields)
#include "tst_kind_fields.moc"
