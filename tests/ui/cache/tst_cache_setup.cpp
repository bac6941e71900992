// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/cache/cache_scene.h"
#include "ui/panes/cache/route_modes.h"
#include "ui/widgets/form_field.h"
#include "ui/widgets/segmented_control.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>

using namespace Qt::StringLiterals;
using gateway::config::CacheMode;
using gateway::config::CacheShare;
using tests::CacheScene;
using tests::FakeGateway;
using ui::cache::CachePane;
using ui::cache::RouteModes;

namespace {

struct Settings : CacheScene
{
    explicit Settings(const std::optional<gateway::config::Config> &config = tests::cachingConfig()) : CacheScene(FakeGateway::Scene::Full, config) { pane.setPage(CachePane::Page::Settings); }
    RouteModes *modes() const { return static_cast<RouteModes *>(table(u"modes"_s)->model()); }
    QModelIndex cell(const char *route, int column) const
    {
        for (int row = 0; row < modes()->rowCount(); ++row) {
            if (modes()->index(row, RouteModes::Route).data().toString() == QLatin1StringView(route))
                return modes()->index(row, column);
        }
        return {};
    }
    bool set(const char *route, int column, const QVariant &value) const { return modes()->setData(cell(route, column), value, Qt::EditRole); }
};

} // namespace

class tst_CacheSetup : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void limitsAreSavedAsTyped()
    {
        Settings scene;
        scene.type(u"exact.entries"_s, u"5000"_s);
        scene.type(u"exact.bytes"_s, u"64 mb"_s);
        scene.click(u"exact.persist"_s);
        scene.save();
        const auto &exact = scene.gateway.applied().back().cache.exact;
        QCOMPARE(exact.maxEntries, 5000);
        QCOMPARE(exact.maxBytes, 64 * 1024 * 1024);
        QVERIFY(!exact.persist);
    }

    void sizeThatCannotBeReadIsMarkedAndNotSaved()
    {
        Settings scene;
        scene.click(u"exact.persist"_s);
        QTRY_VERIFY(scene.part<QAbstractButton>(u"save"_s)->isEnabled());
        scene.type(u"exact.bytes"_s, u"much"_s);
        QVERIFY(ui::widgets::isInvalid(scene.part<QLineEdit>(u"exact.bytes"_s)));
        QVERIFY(!scene.part<QAbstractButton>(u"save"_s)->isEnabled());
        scene.type(u"exact.bytes"_s, u"1GB"_s);
        scene.save();
        QCOMPARE(scene.config().cache.exact.maxBytes, 1024 * 1024 * 1024);
    }

    void everyEditIsOneStepToUndo()
    {
        Settings scene;
        QVERIFY(scene.set("canary", RouteModes::Mode, int(CacheMode::Exact)));
        QVERIFY(scene.set("canary", RouteModes::Ttl, u"2 h"_s));
        QVERIFY(scene.set("canary", RouteModes::Share, int(CacheShare::Key)));
        QVERIFY(scene.set("canary", RouteModes::NameSpace, u"beta"_s));
        QCOMPARE(scene.cell("canary", RouteModes::Ttl).data().toString(), u"2 h"_s);
        scene.click(u"undo"_s);
        scene.click(u"undo"_s);
        QCOMPARE(scene.cell("canary", RouteModes::NameSpace).data().toString(), u"common"_s);
        QCOMPARE(scene.cell("canary", RouteModes::Share).data().toString(), u"keys of one team"_s);
        scene.click(u"redo"_s);
        scene.save();
        const auto &cache = *scene.route("canary").cache;
        QVERIFY(cache.mode == CacheMode::Exact);
        QCOMPARE(cache.ttl, gateway::config::Millis {std::chrono::hours {2}});
        QVERIFY(cache.share == CacheShare::Key);
        QVERIFY(cache.nameSpace.empty());
    }

    void offKeepsWhatItWas()
    {
        Settings scene;
        QVERIFY(scene.set("smart", RouteModes::Mode, int(CacheMode::Off)));
        QCOMPARE(scene.cell("smart", RouteModes::Ttl).data().toString(), u"—"_s);
        QVERIFY(!(scene.cell("smart", RouteModes::Ttl).flags() & Qt::ItemIsEditable));
        QVERIFY(scene.set("smart", RouteModes::Mode, int(CacheMode::Semantic)));
        QCOMPARE(scene.cell("smart", RouteModes::NameSpace).data().toString(), u"support"_s);
    }

    void thresholdOfARouteIsReadOrRefused()
    {
        Settings scene;
        QCOMPARE(scene.cell("smart", RouteModes::Threshold).data().toString(), u"0.92"_s); // the common one
        QVERIFY(!scene.set("smart", RouteModes::Threshold, u"1.2"_s));
        QVERIFY(scene.told.contains(u"at most 1"_s));
        QVERIFY(!scene.set("smart", RouteModes::Ttl, u"soon"_s));
        QVERIFY(scene.set("smart", RouteModes::Threshold, u"0,95"_s));
        QCOMPARE(scene.cell("smart", RouteModes::Threshold).data().toString(), u"0.95"_s);
        QVERIFY(scene.set("smart", RouteModes::Threshold, QString()));
        QCOMPARE(scene.cell("smart", RouteModes::Threshold).data().toString(), u"0.92"_s);
        QVERIFY(!(scene.cell("gpt-4o", RouteModes::Threshold).flags() & Qt::ItemIsEditable));
    }

    void modeIsChosenByKeysInTheTable()
    {
        Settings scene;
        auto *table = scene.table(u"modes"_s);
        table->setFocus();
        table->setCurrentIndex(scene.cell("canary", RouteModes::Mode));
        QTest::keyClick(table, Qt::Key_F2);
        auto *box = table->findChild<QComboBox *>();
        QTRY_VERIFY(box && box->isVisible());
        QTest::keyClick(box, Qt::Key_Down);
        QTRY_COMPARE(scene.cell("canary", RouteModes::Mode).data().toString(), u"Exact"_s);
    }

    void semanticGoesFromBuiltInToAModelAndOff()
    {
        Settings scene;
        auto *way = scene.part<ui::widgets::SegmentedControl>(u"semantic.way"_s);
        QCOMPARE(way->current(), 1);
        way->setCurrent(2);
        auto *provider = scene.part<QComboBox>(u"semantic.provider"_s);
        QTRY_VERIFY(provider->isVisible());
        QCOMPARE(provider->currentText(), u"openai"_s); // the first with a model that makes embeddings
        provider->setCurrentText(u"local-vllm"_s);
        Q_EMIT provider->activated(provider->currentIndex());
        auto *model = scene.part<QComboBox>(u"semantic.model"_s);
        QCOMPARE(model->itemText(0), u"nomic-embed"_s); // those that make embeddings come first
        model->lineEdit()->selectAll();
        QTest::keyClicks(model->lineEdit(), u"nomic-embed"_s);
        scene.part<QDoubleSpinBox>(u"semantic.threshold"_s)->setValue(0.9);
        scene.save();
        auto semantic = *scene.config().cache.semantic;
        QVERIFY(!semantic.embedWith.lexical);
        QCOMPARE(semantic.embedWith.provider, std::string("local-vllm"));
        QCOMPARE(semantic.embedWith.model, std::string("nomic-embed"));
        QCOMPARE(semantic.threshold, 0.9);
        way->setCurrent(0);
        scene.save();
        QVERIFY(!scene.config().cache.semantic);
        scene.click(u"undo"_s);
        scene.save();
        QCOMPARE(scene.config().cache.semantic->embedWith.model, std::string("nomic-embed"));
    }

    void ownedByTheFileIsLocked()
    {
        auto config = tests::cachingConfig();
        config.fileSections.insert("cache");
        config.routes.front().origin = gateway::config::Origin::File;
        Settings scene(config);
        QVERIFY(scene.part<QLineEdit>(u"exact.bytes"_s)->isReadOnly());
        QVERIFY(!scene.part<QWidget>(u"exact.persist"_s)->isEnabled());
        const QModelIndex locked = scene.cell(config.routes.front().name.c_str(), RouteModes::Mode);
        QVERIFY(!(locked.flags() & Qt::ItemIsEditable));
        QVERIFY(locked.data(Qt::ToolTipRole).toString().contains(u"edit it there"_s));
        QVERIFY(scene.cell("smart", RouteModes::Mode).flags() & Qt::ItemIsEditable);
    }

    void whatTheGatewayRefusesIsSaid()
    {
        Settings scene;
        scene.click(u"exact.persist"_s);
        QTRY_VERIFY(scene.part<QAbstractButton>(u"save"_s)->isEnabled());
        scene.gateway.refuseNextApply({{.field = "cache.exact.max_bytes", .message = "is more than this computer has", .warning = false}});
        scene.click(u"save"_s);
        QTRY_VERIFY(scene.part<QLabel>(u"problems"_s)->isVisible());
        QVERIFY(ui::widgets::isInvalid(scene.part<QLineEdit>(u"exact.bytes"_s)));
    }

    void openingARouteChoosesItsRow()
    {
        Settings scene;
        scene.pane.setPage(CachePane::Page::Traffic);
        scene.pane.openItem(u"canary"_s);
        QCOMPARE(int(scene.pane.page()), int(CachePane::Page::Settings));
        QCOMPARE(scene.table(u"modes"_s)->currentIndex().row(), scene.cell("canary", 0).row());
    }
};

int main(int argc, char **argv)
{
    FakeGateway::fixZoneAndLocale();
    QApplication app(argc, argv);
    tst_CacheSetup test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_cache_setup.moc"
