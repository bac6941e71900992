// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/accessible_text.h"
#include "tests/ui/support/fake_gateway.h"
#include "tests/ui/support/scene_config.h"
#include "ui/bridge/text.h"
#include "ui/panes/providers/found_section.h"
#include "ui/panes/providers/provider_list.h"
#include "ui/panes/providers/provider_words.h"
#include "ui/panes/providers/providers_pane.h"
#include "ui/panes/providers/test_steps.h"
#include "ui/widgets/document_field.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/theme.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

using namespace Qt::StringLiterals;
using gateway::api::ProbeStep;
using tests::FakeGateway;

namespace {

/// A pane over the made-up gateway, on the screen.
struct Scene
{
    explicit Scene(FakeGateway::Scene which = FakeGateway::Scene::Full) : fake(which), view(FakeGateway::sceneTime)
    {
        ui::panes::PaneContext context;
        context.gateway = &fake;
        context.view = &view;
        pane = std::make_unique<ui::providers::ProvidersPane>(context);
        pane->resize(1368, 800);
        pane->show();
        pane->setActive(true);
        pane->activateWindow();
        (void)QTest::qWaitForWindowActive(pane.get()); // shortcuts want the window that has the keys
    }
    template <typename T>
    T *part(const char *name) { return pane->findChild<T *>(QString::fromLatin1(name)); }
    void choose(const char *provider) { pane->openItem(QString::fromLatin1(provider)); }
    void click(const char *name) { QTest::mouseClick(part<QPushButton>(name), Qt::LeftButton); }

    FakeGateway fake;
    ui::bridge::ViewContext view;
    std::unique_ptr<ui::providers::ProvidersPane> pane;
};

std::vector<ProbeStep> rejectedKey()
{
    using Kind = ProbeStep::Kind;
    using State = ProbeStep::State;
    return {{Kind::Dns, State::Ok, "api.together.xyz is 104.18.7.32", "", {}}, {Kind::Connect, State::Ok, "connected", "", {}}, {Kind::Tls, State::Ok, "TLS 1.3", "", {}},
        {Kind::Key, State::Failed, "Key rejected", "HTTP 401 invalid_api_key.", {}}, {Kind::Model, State::NotTried, "not asked, because the key was rejected", "", {}}};
}

} // namespace

class tst_ProvidersPane : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { ui::widgets::loadResources(); }

    void rowsSayTheirStateInWords()
    {
        Scene scene;
        QAbstractItemModel *model = scene.part<QListView>("providers.list")->model();
        QCOMPARE(model->rowCount(), 5);
        using Roles = ui::providers::ProviderListModel;
        QCOMPARE(model->index(3, 0).data(Roles::StateText).toString(), u"circuit open 12 s"_s);
        QCOMPARE(model->index(4, 0).data(Roles::StateText).toString(), u"1 key rejected"_s);
        // The shape differs too, not the colour alone.
        QVERIFY(model->index(3, 0).data(Roles::StateIcon) != model->index(4, 0).data(Roles::StateIcon));
        QTRY_COMPARE(model->index(0, 0).data(Roles::Errors).toString(), u"1.92 %"_s);
    }

    void aRejectedKeyIsCalledThat()
    {
        Scene scene;
        scene.fake.setProbe(rejectedKey());
        scene.choose("together");
        scene.part<QListView>("providers.list")->setFocus();
        QTest::keyClick(scene.part<QListView>("providers.list"), Qt::Key_T, Qt::ControlModifier);
        auto *steps = scene.part<ui::providers::TestSteps>("providers.steps");
        QTRY_COMPARE(steps->steps().size(), 5);
        QVERIFY(steps->accessibleName().contains(u"Key: Key rejected"_s));
        QVERIFY(steps->details().contains(u"HTTP 401 invalid_api_key"_s));
        QVERIFY(steps->details().contains(u"not asked, because the key was rejected"_s));
        QTRY_VERIFY(scene.part<QWidget>("providers.banner")->isVisible());
        QVERIFY(scene.part<QPushButton>("providers.banner.replace")->isVisible());
        using Roles = ui::providers::ProviderListModel;
        QVERIFY(scene.part<QListView>("providers.list")->model()->index(4, 0).data(Roles::StateText).toString().contains(u"rejected"_s));
    }

    void noSecretIsReadOut()
    {
        Scene scene;
        scene.choose("openai");
        auto *table = scene.part<QTableView>("providers.credentials");
        const QModelIndex key = table->model()->index(0, 2);
        QCOMPARE(key.data().toString().right(4), u"3f7a"_s);
        QVERIFY(!key.data(Qt::AccessibleTextRole).toString().contains(u"3f7a"_s));
        for (const QWidget *widget : scene.pane->findChildren<QWidget *>())
            QVERIFY2(!widget->accessibleName().contains(u"3f7a"_s) && !widget->accessibleDescription().contains(u"3f7a"_s), qPrintable(widget->objectName()));
    }

    void addingDetectsTheKindAndTests()
    {
        Scene scene;
        scene.click("providers.addButton");
        auto *key = scene.part<QLineEdit>("providers.add.api_key");
        auto *kind = scene.part<QComboBox>("providers.add.kind");
        QTest::keyClicks(key, u"gsk_0123456789abcdef"_s);
        QCOMPARE(kind->currentText(), u"Groq"_s);
        QCOMPARE(key->echoMode(), QLineEdit::Password);
        scene.click("providers.add.accept");
        QTRY_COMPARE(scene.fake.applied().size(), std::size_t {1});
        const auto &added = scene.fake.applied().back().providers.back();
        QCOMPARE(QString::fromStdString(added.name), u"groq"_s);
        QCOMPARE(QString::fromStdString(added.credentials.front().apiKey.value), u"gsk_0123456789abcdef"_s);
        QTRY_COMPARE(scene.fake.questions(u"testProvider"_s), 1);
        QTRY_COMPARE(scene.part<QLineEdit>("providers.name")->text(), u"groq"_s);
    }

    void theDetectedKindCanBeCorrected()
    {
        const auto kinds = FakeGateway().providerKinds();
        QCOMPARE(QString::fromStdString(ui::bridge::tellPasted(kinds, u"sk-or-123"_s).kind->kind), u"openrouter"_s); // the longest prefix wins
        QCOMPARE(QString::fromStdString(ui::bridge::tellPasted(kinds, u"sk-123"_s).kind->kind), u"openai"_s);
        QVERIFY(!ui::bridge::tellPasted(kinds, u"unknown"_s).kind);
        Scene scene;
        scene.click("providers.addButton");
        auto *kind = scene.part<QComboBox>("providers.add.kind");
        QTest::keyClicks(scene.part<QLineEdit>("providers.add.api_key"), u"sk-1"_s);
        QCOMPARE(kind->currentText(), u"OpenAI"_s);
        kind->setCurrentIndex(kind->findData(u"together"_s));
        Q_EMIT kind->activated(kind->currentIndex());
        QTest::keyClicks(scene.part<QLineEdit>("providers.add.api_key"), u"23"_s);
        QCOMPARE(kind->currentText(), u"Together AI"_s);
    }

    void whatIsPastedIsToldByHowItBegins_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("field");
        const auto row = [](const char *text, const char *kind, const char *field) { QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(kind) << QString::fromLatin1(field); };
        row("sk-ant-api03-abc", "anthropic", "api_key");
        row("sk-abc", "openai", "api_key");
        row("AIzaSyAbc", "gemini", "api_key");
        row("AKIAIOSFODNN7EXAMPLE", "bedrock", "access_key_id");
        row("ASIAIOSFODNN7EXAMPLE", "bedrock", "access_key_id");
        row("ABSKQmVkcm9j", "bedrock", "api_key");
        row(" { \"type\": \"service_account\" }", "vertex", "service_account");
        row("abc", "", "");
        row("", "", "");
    }
    void whatIsPastedIsToldByHowItBegins()
    {
        QFETCH(QString, text);
        QFETCH(QString, kind);
        QFETCH(QString, field);
        const auto kinds = FakeGateway().providerKinds();
        const auto found = ui::bridge::tellPasted(kinds, text);
        QCOMPARE(found.kind ? QString::fromStdString(found.kind->kind) : QString(), kind);
        QCOMPARE(ui::bridge::qt(found.field), field);
    }

    void aPastedAccessKeyAsksForItsSecretAndRegion()
    {
        Scene scene;
        scene.click("providers.addButton");
        scene.part<QLineEdit>("providers.add.api_key")->setText(u"AKIAIOSFODNN7EXAMPLE"_s);
        QCOMPARE(scene.part<QComboBox>("providers.add.kind")->currentText(), u"Amazon Bedrock"_s);
        QCOMPARE(scene.part<QLineEdit>("providers.add.access_key_id")->text(), u"AKIAIOSFODNN7EXAMPLE"_s);
        auto *secret = scene.part<QLineEdit>("providers.add.secret_access_key");
        QCOMPARE(scene.pane->window()->findChild<QDialog *>(u"providers.add"_s)->focusWidget(), secret);
        auto *accept = scene.part<QPushButton>("providers.add.accept");
        QTest::keyClicks(secret, u"sk-wJalrXUtnFEMI"_s); // tells of no kind there
        QVERIFY(!accept->isEnabled());
        QCOMPARE(accept->toolTip(), u"Region is missing"_s);
        auto *region = scene.part<QLineEdit>("providers.add.region");
        QTest::keyClicks(region, u"us_east"_s);
        QVERIFY(region->property("invalid").toBool());
        QVERIFY(!accept->isEnabled());
        region->clear();
        QTest::keyClicks(region, u"us-east-1"_s);
        QVERIFY(scene.part<QLineEdit>("providers.add.url")->placeholderText().contains(u"us-east-1"_s));
        QVERIFY(!tests::accessibleText(scene.pane->window()).contains(u"wJalr"_s));
        scene.click("providers.add.accept");
        QTRY_COMPARE(scene.fake.applied().size(), std::size_t {1});
        const auto &added = scene.fake.applied().back().providers.back();
        QCOMPARE(added.kind, std::string("bedrock"));
        QCOMPARE(added.region, std::string("us-east-1"));
        QCOMPARE(added.credentials.size(), std::size_t {1});
        QCOMPARE(added.credentials[0].accessKeyId.value, std::string("AKIAIOSFODNN7EXAMPLE"));
        QCOMPARE(added.credentials[0].secretAccessKey.value, std::string("sk-wJalrXUtnFEMI"));
        QVERIFY(added.credentials[0].apiKey.empty());
    }

    void aKeyTypedByHandGoesOnInItsField()
    {
        Scene scene;
        scene.click("providers.addButton");
        auto *dialog = scene.part<QDialog>("providers.add");
        for (const QChar c : u"AKIAIOSFODNN7EXAMPLE"_s) {
            auto *line = qobject_cast<QLineEdit *>(dialog->focusWidget());
            QVERIFY(line);
            line->insert(c);
        }
        QCOMPARE(scene.part<QLineEdit>("providers.add.access_key_id")->text(), u"AKIAIOSFODNN7EXAMPLE"_s);
        QVERIFY(scene.part<QLineEdit>("providers.add.secret_access_key")->text().isEmpty());
    }

    void anotherKeyPastedOverTheFirstTurnsTheFormAgain()
    {
        Scene scene;
        scene.click("providers.addButton");
        scene.part<QLineEdit>("providers.add.api_key")->setText(u"AKIAIOSFODNN7EXAMPLE"_s);
        scene.part<QLineEdit>("providers.add.access_key_id")->setText(u"sk-ant-api03-abcdef"_s);
        QCOMPARE(scene.part<QComboBox>("providers.add.kind")->currentText(), u"Anthropic"_s);
        QCOMPARE(scene.part<QLineEdit>("providers.add.api_key")->text(), u"sk-ant-api03-abcdef"_s);
        scene.part<QLineEdit>("providers.add.api_key")->setText(u"ABSKQmVkcm9ja0FQ"_s);
        QCOMPARE(scene.part<QComboBox>("providers.add.kind")->currentText(), u"Amazon Bedrock"_s);
        QCOMPARE(scene.part<QLineEdit>("providers.add.api_key")->text(), u"ABSKQmVkcm9ja0FQ"_s);
    }

    void aServiceAccountIsTakenAndNotShown()
    {
        Scene scene;
        scene.click("providers.addButton");
        scene.part<QLineEdit>("providers.add.api_key")->setText(QString::fromUtf8(tests::serviceAccountText));
        QCOMPARE(scene.part<QComboBox>("providers.add.kind")->currentText(), u"Google Vertex AI"_s);
        auto *area = scene.part<ui::widgets::DocumentField>("providers.add.service_account");
        QVERIFY(area && !area->empty());
        QCOMPARE(scene.part<QLineEdit>("providers.add.project")->text(), u"my-project-123"_s);
        const QString told = tests::accessibleText(scene.pane->window());
        QVERIFY(told.contains(u"signalbox@my-project-123.iam.gserviceaccount.com"_s));
        QVERIFY(!told.contains(u"PRIVATE KEY"_s));
        QTest::keyClicks(scene.part<QLineEdit>("providers.add.location"), u"europe-west1"_s);
        scene.click("providers.add.accept");
        QTRY_COMPARE(scene.fake.applied().size(), std::size_t {1});
        const auto &added = scene.fake.applied().back().providers.back();
        QCOMPARE(added.credentials[0].serviceAccount.value, std::string(tests::serviceAccountText));
        QCOMPARE(added.location, std::string("europe-west1"));
    }

    void aWrongDocumentIsRefusedInWords()
    {
        Scene scene;
        scene.click("providers.addButton");
        auto *kind = scene.part<QComboBox>("providers.add.kind");
        kind->setCurrentIndex(kind->findData(u"vertex"_s));
        Q_EMIT kind->activated(kind->currentIndex());
        auto *area = scene.part<ui::widgets::DocumentField>("providers.add.service_account");
        QGuiApplication::clipboard()->setText(u"{\"type\":\"authorized_user\",\"client_secret\":\"hush\"}"_s);
        QTest::keyClick(area, Qt::Key_V, Qt::ControlModifier);
        QVERIFY(area->property("invalid").toBool());
        QVERIFY2(area->toolTip().contains(u"a person's own sign-in"_s), qPrintable(area->toolTip()));
        QVERIFY(!tests::accessibleText(scene.pane->window()).contains(u"hush"_s));
        QVERIFY(!scene.part<QPushButton>("providers.add.accept")->isEnabled());
        QTest::keyClick(area, Qt::Key_Delete);
        QVERIFY(area->empty());
    }

    void theWayToAuthenticateIsChosen()
    {
        Scene scene;
        auto config = *scene.fake.config();
        for (auto &provider : tests::sceneClouds())
            config.providers.push_back(std::move(provider));
        scene.fake.setConfig(config);
        scene.choose("az");
        scene.click("providers.credentials.add");
        auto *ways = scene.part<ui::widgets::SegmentedControl>("providers.key.way");
        ways->setFocus();
        QTest::keyClick(ways, Qt::Key_Right);
        QVERIFY(!scene.part<QLineEdit>("providers.key.api_key"));
        QCOMPARE(scene.part<QWidget>("providers.key")->focusWidget()->objectName(), u"providers.key.way"_s); // goes on by keys
        QTest::keyClicks(scene.part<QLineEdit>("providers.key.tenant_id"), u"contoso.example"_s);
        QTest::keyClicks(scene.part<QLineEdit>("providers.key.client_id"), u"1b2c3d4e"_s);
        QVERIFY(!scene.part<QPushButton>("providers.key.accept")->isEnabled());
        QTest::keyClicks(scene.part<QLineEdit>("providers.key.client_secret"), u"Q~secret"_s);
        scene.click("providers.key.accept");
        QTRY_VERIFY(scene.part<QPushButton>("providers.save")->isEnabled());
        scene.click("providers.save");
        QTRY_COMPARE(scene.fake.applied().size(), std::size_t {1});
        const auto &made = scene.fake.applied().back().providers[5].credentials.back();
        QCOMPARE(made.tenantId, std::string("contoso.example"));
        QCOMPARE(made.clientSecret.value, std::string("Q~secret"));
        QVERIFY(made.apiKey.empty());
    }

    void credentialsOfEveryWayHaveALine()
    {
        Scene scene;
        auto config = *scene.fake.config();
        for (auto &provider : tests::sceneClouds())
            config.providers.push_back(std::move(provider));
        scene.fake.setConfig(config);
        const auto keys = [&](const char *provider) {
            scene.choose(provider);
            const auto *model = scene.part<QTableView>("providers.credentials")->model();
            QStringList lines;
            for (int row = 0; row < model->rowCount(); ++row) {
                lines << model->index(row, 2).data().toString();
                const QString told = model->index(row, 2).data(Qt::AccessibleTextRole).toString();
                if (told != u"a key is stored"_s)
                    lines << told;
            }
            return lines;
        };
        const QString dots(8, QChar(0x2022));
        QCOMPARE(keys("az"), (QStringList {dots + u"5e6f"_s, dots + u"Q~8x"_s}));
        QCOMPARE(keys("vx"), (QStringList {u"signalbox@my-project-123.iam.gserviceaccount.com"_s, u"Metadata server"_s}));
        QCOMPARE(keys("br"), (QStringList {dots + u"MPLE"_s, dots + u"9abc"_s, u"Environment"_s}));
    }

    void fieldsOfTheKindAreEditedUndoneAndSaved()
    {
        Scene scene;
        auto config = *scene.fake.config();
        for (auto &provider : tests::sceneClouds())
            config.providers.push_back(std::move(provider));
        scene.fake.setConfig(config);
        scene.choose("br");
        QVERIFY(!scene.part<QLineEdit>("providers.project"));
        auto *region = scene.part<QLineEdit>("providers.region");
        region->setFocus();
        region->selectAll();
        QTest::keyClicks(region, u"us-west-2"_s);
        QTest::keyClick(scene.part<QListView>("providers.list"), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(region->text(), u"eu-central-1"_s); // one step for all that was typed
        QTest::keyClick(scene.part<QListView>("providers.list"), Qt::Key_Y, Qt::ControlModifier);
        QCOMPARE(region->text(), u"us-west-2"_s);
        scene.fake.refuseNextApply({{"providers[7].region", "no such region", false}});
        QTest::keyClicks(region, u"x"_s);
        QTRY_VERIFY(region->property("invalid").toBool());
        scene.choose("az");
        QCOMPARE(scene.part<QLineEdit>("providers.deployments.name.0")->text(), u"gpt-4o"_s);
        scene.click("providers.deployments.add");
        QTest::keyClicks(scene.part<QLineEdit>("providers.deployments.name.2"), u"o3"_s);
        QTest::keyClicks(scene.part<QLineEdit>("providers.deployments.value.2"), u"reasoning"_s);
        QTRY_VERIFY(!scene.part<QPushButton>("providers.save")->isEnabled()); // the other's problem holds
    }

    void anotherKindLeavesNothingThatItCannotHave()
    {
        Scene scene;
        auto config = *scene.fake.config();
        for (auto &provider : tests::sceneClouds())
            config.providers.push_back(std::move(provider));
        scene.fake.setConfig(config);
        scene.choose("az");
        auto *kind = scene.part<QComboBox>("providers.kind");
        kind->setCurrentIndex(kind->findData(u"openai-compatible"_s));
        Q_EMIT kind->activated(kind->currentIndex());
        QVERIFY(!scene.part<QLineEdit>("providers.api_version"));
        QTRY_VERIFY(scene.part<QPushButton>("providers.save")->isEnabled());
        scene.click("providers.save");
        QTRY_COMPARE(scene.fake.applied().size(), std::size_t {1});
        const auto &saved = scene.fake.applied().back().providers[5];
        QVERIFY(saved.apiVersion.empty() && saved.deployments.empty());
        QCOMPARE(saved.baseUrl, std::string("https://signalbox-test.openai.azure.com"));
    }

    void whatIsFoundOnThisMachineIsAddedByOneClick()
    {
        Scene scene;
        QTRY_VERIFY(scene.part<QPushButton>("providers.found.add.ollama"));
        QVERIFY(!scene.part<QPushButton>("providers.found.add.vllm")); // does not answer, and is here already
        scene.click("providers.found.add.ollama");
        QTRY_COMPARE(scene.fake.applied().size(), std::size_t {1});
        QCOMPARE(QString::fromStdString(scene.fake.applied().back().providers.back().baseUrl), u"http://127.0.0.1:11434/v1"_s);
    }

    void switchingOffNamesTheRoutesAndCanBeUndone()
    {
        Scene scene;
        QSignalSpy toasts(&scene.view, &ui::bridge::ViewContext::toastRequested);
        scene.choose("claude");
        QTest::mouseClick(scene.part<QCheckBox>("providers.enabled"), Qt::LeftButton, {}, QPoint(8, scene.part<QCheckBox>("providers.enabled")->height() / 2));
        QTRY_COMPARE(toasts.count(), 1);
        QVERIFY(toasts.front().front().toString().contains(u"gpt-4o, smart, canary"_s));
        QVERIFY(!scene.fake.config()->providers[1].enabled);
        toasts.front().at(1).value<std::function<void()>>()();
        QTRY_VERIFY(scene.fake.config()->providers[1].enabled);
    }

    void editsAreDraftedSavedAndReverted()
    {
        Scene scene;
        scene.choose("together");
        auto *url = scene.part<QLineEdit>("providers.url");
        auto *save = scene.part<QPushButton>("providers.save");
        QVERIFY(!save->isEnabled());
        url->setFocus();
        QTest::keyClicks(url, u"https://eu.together.example/v1"_s);
        QTRY_VERIFY(save->isEnabled());
        QVERIFY(scene.fake.applied().empty());
        scene.click("providers.revert");
        QCOMPARE(url->text(), QString());
        QTest::keyClicks(url, u"https://eu.together.example/v1"_s);
        QTRY_VERIFY(save->isEnabled());
        scene.click("providers.save");
        QTRY_COMPARE(scene.fake.applied().size(), std::size_t {1});
        QCOMPARE(QString::fromStdString(scene.fake.applied().back().providers[4].baseUrl), u"https://eu.together.example/v1"_s);
    }

    void renamingCarriesTheRoutesAlong()
    {
        Scene scene;
        scene.choose("gemini");
        auto *name = scene.part<QLineEdit>("providers.name");
        name->setFocus();
        name->selectAll();
        QTest::keyClicks(name, u"google"_s);
        QTRY_VERIFY(scene.part<QPushButton>("providers.save")->isEnabled());
        scene.click("providers.save");
        QTRY_COMPARE(scene.fake.applied().size(), std::size_t {1});
        QVERIFY(ui::bridge::routesUsing(scene.fake.applied().back(), "gemini").isEmpty());
        QCOMPARE(ui::bridge::routesUsing(scene.fake.applied().back(), "google"), (QStringList {u"gpt-4o"_s, u"smart"_s}));
    }

    void whatTheGatewayRefusesStandsAtItsField()
    {
        Scene scene;
        scene.choose("openai");
        scene.fake.refuseNextApply({{"providers[0].base_url", "the base URL has no host", false}});
        auto *url = scene.part<QLineEdit>("providers.url");
        url->setFocus();
        QTest::keyClicks(url, u"https://"_s);
        QTRY_VERIFY(url->property("invalid").toBool());
        QCOMPARE(url->toolTip(), u"the base URL has no host"_s);
        QVERIFY(!scene.part<QPushButton>("providers.save")->isEnabled());
    }

    void advancedSettingsAreEditedAndSaved()
    {
        Scene scene;
        scene.choose("together");
        QVERIFY(!scene.part<QSpinBox>("providers.breaker.failures")->isVisible());
        scene.click("providers.advanced.toggle");
        QVERIFY(scene.part<QSpinBox>("providers.breaker.failures")->isVisible());
        scene.part<QSpinBox>("providers.breaker.failures")->setValue(3);
        auto *cooldown = scene.part<QLineEdit>("providers.breaker.cooldown");
        cooldown->setFocus();
        QTest::keyClicks(cooldown, u"1 min"_s);
        scene.click("providers.headers.add");
        auto *name = scene.part<QLineEdit>("providers.headers.name.0"), *value = scene.part<QLineEdit>("providers.headers.value.0");
        QTest::keyClicks(name, u"X-Team"_s);
        QCOMPARE(value->echoMode(), QLineEdit::Normal);
        QTest::keyClicks(value, u"search"_s);
        QTRY_VERIFY(scene.part<QPushButton>("providers.save")->isEnabled());
        scene.click("providers.save");
        QTRY_COMPARE(scene.fake.applied().size(), std::size_t {1});
        const auto &saved = scene.fake.applied().back().providers[4];
        QCOMPARE(saved.breaker.failures, 3);
        QCOMPARE(saved.breaker.cooldown, gateway::config::Millis {60'000});
        QCOMPARE(saved.headers, (std::map<std::string, std::string> {{"X-Team", "search"}}));
    }

    void healthProbesAreSetAndShown()
    {
        Scene scene;
        scene.choose("together");
        scene.click("providers.advanced.toggle");
        auto *probe = scene.part<QComboBox>("providers.probe");
        QCOMPARE(probe->currentText(), u"never"_s);
        probe->setCurrentIndex(probe->findText(u"for one token"_s));
        Q_EMIT probe->activated(probe->currentIndex());
        auto *every = scene.part<QLineEdit>("providers.probe.every");
        every->setFocus();
        QTest::keyClicks(every, u"1 min"_s);
        QTRY_VERIFY(scene.part<QPushButton>("providers.save")->isEnabled());
        scene.click("providers.save");
        QTRY_COMPARE(scene.fake.applied().size(), std::size_t {1});
        const auto &saved = scene.fake.applied().back().providers[4];
        QCOMPARE(saved.healthProbe, gateway::config::HealthProbe::TinyCall);
        QCOMPARE(saved.probeEvery, gateway::config::Millis {60'000});

        auto *words = scene.part<QLabel>("providers.health.probe");
        QVERIFY(words->isHidden());
        gateway::api::ProviderHealth found {.provider = "together", .at = FakeGateway::sceneTime() - std::chrono::seconds(5), .failuresInRow = 2, .words = "HTTP 503."};
        scene.fake.setProbes({found});
        scene.choose("openai");
        scene.choose("together");
        QVERIFY(!words->isHidden());
        QVERIFY2(words->text().contains(u"failed, 2 in a row"_s) && words->text().endsWith(u"HTTP 503."_s), qPrintable(words->text()));
        scene.choose("openai");
        QVERIFY(words->isHidden());
    }

    void figuresOffThePeersAreMarked()
    {
        Scene scene;
        gateway::api::TargetHealth slow {.provider = "together", .credential = "main", .model = "m", .callsPerSecond = 2, .p95 = std::chrono::seconds(3), .lastUsed = FakeGateway::sceneTime()};
        slow.peers = gateway::api::PeerFigures {.count = 2, .p95 = std::chrono::milliseconds(800), .slower = true};
        gateway::api::TargetHealth usual = slow;
        usual.model = "n";
        usual.peers->slower = false;
        scene.fake.setHealth({slow, usual});
        scene.choose("openai");
        scene.choose("together");
        const QAbstractItemModel *model = scene.part<QAbstractItemView>("providers.health")->model();
        QTRY_VERIFY(model->index(0, 4).data(Qt::ToolTipRole).toString().contains(u"800 ms"_s)); // health is asked for now and then
        QCOMPARE(model->rowCount(), 2);
        QVERIFY(model->index(0, 5).data(Qt::ToolTipRole).toString().isEmpty());
        QVERIFY(model->index(1, 4).data(Qt::ToolTipRole).toString().isEmpty());
    }

    void aSecretHeaderIsHiddenAndReplacedNotShown()
    {
        Scene scene;
        auto config = *scene.fake.config();
        config.providers[4].headers = {{"X-Api-Key", gateway::api::Gateway::maskedSecret("c0de")}};
        scene.fake.setConfig(config);
        scene.choose("openai");
        scene.choose("together");
        scene.click("providers.advanced.toggle");
        auto *value = scene.part<QLineEdit>("providers.headers.value.0");
        QCOMPARE(value->echoMode(), QLineEdit::Password);
        QCOMPARE(value->text(), QString());
        QVERIFY(!value->placeholderText().contains(u"c0de"_s));
        QVERIFY(!scene.part<QPushButton>("providers.revert")->isEnabled());
        value->setFocus();
        QTest::keyClicks(value, u"another-secret"_s);
        QTRY_VERIFY(scene.part<QPushButton>("providers.save")->isEnabled());
        scene.click("providers.save");
        QTRY_COMPARE(scene.fake.applied().size(), std::size_t {1});
        QCOMPARE(scene.fake.applied().back().providers[4].headers.at("X-Api-Key"), std::string("another-secret"));
    }

    void whatIsWrongInAClosedCardOpensIt()
    {
        Scene scene;
        scene.choose("openai");
        scene.fake.refuseNextApply({{"providers[0].headers.X-Team", "the value has a line end", false}});
        auto *url = scene.part<QLineEdit>("providers.url");
        url->setFocus();
        QTest::keyClicks(url, u"h"_s);
        QTRY_VERIFY(scene.part<QSpinBox>("providers.breaker.failures")->isVisible());
    }

    void nothingConfiguredOffersToAdd()
    {
        Scene scene(FakeGateway::Scene::Empty);
        QVERIFY(!scene.part<QListView>("providers.list")->isVisible());
        QVERIFY(scene.part<QPushButton>("providers.addFirst")->isVisible());
        QVERIFY(!scene.part<QPushButton>("providers.addButton")->isVisible());
        QTRY_VERIFY(scene.part<QPushButton>("providers.found.add.ollama"));
    }

    void fileEntriesAreLocked()
    {
        Scene scene;
        auto config = *scene.fake.config();
        config.providers[0].origin = gateway::config::Origin::File;
        scene.fake.setConfig(config);
        scene.choose("claude");
        scene.choose("openai");
        QVERIFY(scene.part<QLineEdit>("providers.name")->isReadOnly());
        QVERIFY(!scene.part<QPushButton>("providers.credentials.add")->isEnabled());
        QVERIFY(!scene.part<QCheckBox>("providers.enabled")->isEnabled());
    }
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    ui::widgets::Theme theme;
    tst_ProvidersPane test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_providers_pane.moc"
