// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/accessible_text.h"
#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/settings/configuration_lines.h"
#include "ui/panes/settings/setting_row.h"
#include "ui/panes/settings/settings_pane.h"
#include "ui/panes/settings/storage_bar.h"
#include "ui/widgets/code_view.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace Qt::StringLiterals;
using tests::FakeGateway;
using ui::settings::SettingLine;

namespace {

struct Scene
{
    explicit Scene(ui::widgets::Theme *theme = nullptr, QSettings *settings = nullptr) : view(FakeGateway::sceneTime), pane({&gateway, &view, theme, settings})
    {
        QObject::connect(&view, &ui::bridge::ViewContext::toastRequested, &pane, [this](const QString &text, const std::function<void()> &undo) {
            toast = text;
            takeBack = undo;
        });
        pane.resize(1200, 800);
        pane.show();
        pane.setActive(true);
    }

    template <typename T = QWidget>
    T *part(const QString &name) const
    {
        return pane.window()->findChild<T *>(u"settings."_s + name);
    }

    QLineEdit *field(const QString &id) const { return part<QLineEdit>(id + u".field"_s); }
    QCheckBox *toggle(const QString &id) const { return part(id)->findChild<QCheckBox *>(); }

    /// What stands under a setting's field, or beside it; empty: nothing is shown there.
    QString wordsAt(const QString &id) const
    {
        QStringList words;
        for (const auto *label : part(id)->findChildren<ui::widgets::StateLabel *>())
            if (label->isVisible())
                words << label->text();
        return words.join(u'\n');
    }

    void type(const QString &id, const QString &text) const
    {
        QLineEdit *edit = field(id);
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
        QTest::keyClick(edit, Qt::Key_Return);
    }

    QList<SettingLine *> shownLines() const
    {
        QList<SettingLine *> shown;
        for (auto *line : pane.findChildren<SettingLine *>())
            if (line->isVisible())
                shown << line;
        return shown;
    }

    FakeGateway gateway;
    ui::bridge::ViewContext view;
    ui::settings::SettingsPane pane;
    QString toast;
    std::function<void()> takeBack;
};

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString written(const QTemporaryDir &folder, const QByteArray &text)
{
    const QString path = folder.filePath(u"other.yaml"_s);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        return {};
    return path;
}

} // namespace

class tst_SettingsPane : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::widgets::Theme>(); }
    void cleanupTestCase() { m_theme.reset(); }

    void themeShowsOneRow()
    {
        Scene scene;
        const auto all = scene.shownLines().size();
        QTest::keyClicks(scene.part<QLineEdit>(u"search"_s), u"theme"_s);
        QTRY_COMPARE(scene.shownLines().size(), 1);
        QCOMPARE(scene.shownLines().front()->objectName(), u"settings.theme"_s);
        QTest::keyClick(scene.part<QLineEdit>(u"search"_s), Qt::Key_Escape);
        QTRY_COMPARE(scene.shownLines().size(), all);
    }

    void searchThatFindsNothingSaysSo()
    {
        Scene scene;
        QTest::keyClicks(scene.part<QLineEdit>(u"search"_s), u"zzzz"_s);
        QTRY_COMPARE(scene.shownLines().size(), 0);
        QVERIFY(scene.part<ui::widgets::EmptyState>(u"nothing"_s)->isVisible());
    }

    void themeIsAppliedAndKept()
    {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(u"window.ini"_s), QSettings::IniFormat);
        Scene scene(m_theme.get(), &settings);
        auto *choice = scene.part<ui::widgets::SegmentedControl>(u"theme.choice"_s);
        choice->setFocus();
        choice->setCurrent(2);
        QVERIFY(m_theme->dark());
        QCOMPARE(settings.value(u"appearance/theme"_s).toString(), u"dark"_s);
        choice->setCurrent(1);
        QVERIFY(!m_theme->dark());
    }

    void refusedAddressStaysInTheFieldWithTheReason()
    {
        Scene scene;
        scene.gateway.refuseNextApply({{"gateway.listen", "Port 80 needs rights that Signalbox does not have."}});
        scene.type(u"listen"_s, u"127.0.0.1:80"_s);
        QTRY_COMPARE(scene.wordsAt(u"listen"_s), u"Port 80 needs rights that Signalbox does not have."_s);
        QCOMPARE(scene.field(u"listen"_s)->text(), u"127.0.0.1:80"_s);
        QCOMPARE(scene.gateway.config()->gateway.listen, std::string("127.0.0.1:8787")); // the old one goes on
    }

    void usedPortIsSaidInlineWhileTheOldListenerLives()
    {
        Scene scene;
        scene.type(u"listen"_s, u"127.0.0.1:9000"_s);
        QTRY_COMPARE(scene.gateway.config()->gateway.listen, std::string("127.0.0.1:9000"));
        scene.gateway.setListener({true, "127.0.0.1:8787", "Port 9000 is in use by nginx (1234).", 9001});
        const QString words = scene.wordsAt(u"listen"_s);
        for (const auto &part : {u"in use by nginx"_s, u"Port 9001 is free"_s, u"Still listening on 127.0.0.1:8787"_s})
            QVERIFY2(words.contains(part), qPrintable(words));
    }

    void addressOfTheStartIsSaidBesideTheOneThatIsSet()
    {
        Scene scene;
        scene.gateway.setListener({true, "127.0.0.1:8787"});
        QVERIFY(!scene.wordsAt(u"listen"_s).contains(u"--listen"_s));
        scene.gateway.setListener({true, "127.0.0.1:9000"});
        QVERIFY2(scene.wordsAt(u"listen"_s).startsWith(u"Listening on 127.0.0.1:9000: the address given at the start"_s), qPrintable(scene.wordsAt(u"listen"_s)));
    }

    void valueThatIsNoneIsRefusedAtTheField()
    {
        Scene scene;
        scene.type(u"max_connections"_s, u"many"_s);
        QCOMPARE(scene.wordsAt(u"max_connections"_s), u"\"many\" is not a whole number."_s);
        QCOMPARE(scene.field(u"max_connections"_s)->text(), u"many"_s);
        QVERIFY(scene.gateway.applied().empty());
    }

    void switchAppliesAndUndoRestores()
    {
        Scene scene;
        QVERIFY(scene.gateway.config()->gateway.log.bodies);
        QTest::mouseClick(scene.toggle(u"log.bodies"_s), Qt::LeftButton, {}, QPoint(8, scene.toggle(u"log.bodies"_s)->height() / 2));
        QTRY_VERIFY(!scene.gateway.config()->gateway.log.bodies);
        QTRY_COMPARE(scene.toast, u"Keep requests and answers changed"_s);
        scene.takeBack();
        QTRY_VERIFY(scene.gateway.config()->gateway.log.bodies);
        QTRY_VERIFY(scene.toggle(u"log.bodies"_s)->isChecked());
    }

    void refusedSwitchGoesBack()
    {
        Scene scene;
        scene.gateway.refuseNextApply({{"gateway.require_key", "Only a loopback address may go without keys."}});
        QTest::mouseClick(scene.toggle(u"require_key"_s), Qt::LeftButton, {}, QPoint(8, scene.toggle(u"require_key"_s)->height() / 2));
        QTRY_COMPARE(scene.wordsAt(u"require_key"_s), u"Only a loopback address may go without keys."_s);
        QVERIFY(scene.toggle(u"require_key"_s)->isChecked());
    }

    void settingsOfTheFileAreReadOnly()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        config.fileSettings = {"listen", "log.bodies"};
        scene.gateway.setConfig(config);
        QTRY_COMPARE(scene.wordsAt(u"listen"_s), u"set in gateway.yaml"_s);
        QVERIFY(scene.field(u"listen"_s)->isReadOnly());
        QVERIFY(!scene.toggle(u"log.bodies"_s)->isEnabled());
        QVERIFY(!scene.field(u"max_body"_s)->isReadOnly());
        scene.type(u"listen"_s, u"127.0.0.1:1"_s);
        QVERIFY(scene.gateway.applied().empty());
    }

    void importNamesItsChangesFirst()
    {
        QTemporaryDir folder;
        Scene scene;
        const QString path = written(folder, "version: 1\ngateway:\n  max_connections: 123\nteams:\n  - name: imported-team\n");
        QVERIFY(!path.isEmpty());
        scene.pane.findChild<ui::settings::FileLine *>()->importFrom(path);
        QVERIFY2(scene.part<ui::widgets::Dialog>(u"importDialog"_s), qPrintable(scene.wordsAt(u"file"_s)));
        const QString named = scene.part(u"importDialog"_s)->findChild<ui::widgets::CodeView *>()->toPlainText();
        QVERIFY2(named.contains(u"imported-team"_s) && named.contains(u"max_connections"_s), qPrintable(named));
        QVERIFY(scene.gateway.applied().empty()); // not yet
        QTest::mouseClick(scene.part(u"importDialog.apply"_s), Qt::LeftButton);
        QTRY_COMPARE(scene.gateway.config()->gateway.maxConnections, 123);
        QVERIFY(std::ranges::any_of(scene.gateway.config()->teams, [](const auto &team) { return team.name == "imported-team"; }));
        QCOMPARE(scene.gateway.config()->providers.size(), 5U); // what the file does not name stays
    }

    void importThatIsNoConfigurationChangesNothing()
    {
        QTemporaryDir folder;
        Scene scene;
        const QString path = written(folder, "version: 1\ngateway:\n  max_conections: 123\n");
        scene.pane.findChild<ui::settings::FileLine *>()->importFrom(path);
        QVERIFY(!scene.part(u"importDialog"_s));
        const QString words = scene.wordsAt(u"file"_s);
        QVERIFY2(words.contains(u"other.yaml:3"_s) && words.contains(u"max_conections"_s), qPrintable(words));
        QVERIFY(scene.gateway.applied().empty());
    }

    void exportHasNoSecret()
    {
        QTemporaryDir folder;
        Scene scene;
        auto config = *scene.gateway.config();
        config.gateway.metricsToken.value = "metrics-in-clear";
        config.providers.front().credentials.front().apiKey.value = "sk-in-clear";
        config.keys.front().secret.value = "sb-in-clear";
        scene.gateway.setConfig(config);
        const QString path = folder.filePath(u"out.yaml"_s);
        scene.pane.findChild<ui::settings::FileLine *>()->exportTo(path);
        const QByteArray text = contentOf(path);
        QVERIFY2(text.contains("together"), text.constData());
        QVERIFY2(!text.contains("in-clear"), text.constData());
        QVERIFY2(!text.contains("hash"), text.constData());
        QVERIFY(scene.toast.contains(u"out.yaml"_s));
    }

    void enterGoesIntoASection()
    {
        Scene scene;
        scene.pane.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&scene.pane));
        QPushButton *listener = nullptr;
        for (auto *button : scene.pane.findChildren<QPushButton *>())
            listener = button->text() == u"Listener"_s ? button : listener;
        QVERIFY(listener);
        listener->setFocus();
        QTest::keyClick(listener, Qt::Key_Return);
        QCOMPARE(QApplication::focusWidget(), static_cast<QWidget *>(scene.field(u"listen"_s)));
    }

    void storageLegendIsNeverCut()
    {
        ui::settings::StorageBar bar;
        bar.setParts({{u"Call log"_s, 45'000'000}, {u"Full text"_s, 4'000'000}, {u"Configuration"_s, 264'000}, {u"Kept answers"_s, 530'000}, {u"Backups"_s, 12'000'000}});
        QVERIFY(bar.heightForWidth(400) > bar.heightForWidth(2000));
        bar.resize(400, 10);
        QCOMPARE(bar.sizeHint().height(), bar.heightForWidth(400));
    }

    void secretSettingIsInNoAccessibleText()
    {
        Scene scene;
        auto config = *scene.gateway.config();
        config.gateway.metricsToken.value = "metrics-in-clear";
        scene.gateway.setConfig(config);
        QVERIFY(!tests::accessibleText(&scene.pane).contains(u"metrics-in-clear"_s));
    }

private:
    std::unique_ptr<ui::widgets::Theme> m_theme;
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_SettingsPane test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_settings_pane.moc"
