// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/fake_gateway.h"
#include "ui/bridge/text.h"
#include "ui/panes/providers/found_section.h"
#include "ui/panes/providers/provider_list.h"
#include "ui/panes/providers/provider_words.h"
#include "ui/panes/providers/providers_pane.h"
#include "ui/panes/providers/test_steps.h"
#include "ui/widgets/theme.h"

#include <QCheckBox>
#include <QComboBox>
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
        auto *key = scene.part<QLineEdit>("providers.add.key");
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
        QCOMPARE(QString::fromStdString(ui::providers::kindOfKey(kinds, u"sk-or-123"_s)->kind), u"openrouter"_s); // the longest prefix wins
        QCOMPARE(QString::fromStdString(ui::providers::kindOfKey(kinds, u"sk-123"_s)->kind), u"openai"_s);
        QVERIFY(!ui::providers::kindOfKey(kinds, u"unknown"_s));
        Scene scene;
        scene.click("providers.addButton");
        auto *kind = scene.part<QComboBox>("providers.add.kind");
        QTest::keyClicks(scene.part<QLineEdit>("providers.add.key"), u"sk-1"_s);
        QCOMPARE(kind->currentText(), u"OpenAI"_s);
        kind->setCurrentIndex(kind->findData(u"together"_s));
        Q_EMIT kind->activated(kind->currentIndex());
        QTest::keyClicks(scene.part<QLineEdit>("providers.add.key"), u"23"_s);
        QCOMPARE(kind->currentText(), u"Together AI"_s);
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
