// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/cache_shots.h"

#include "tests/ui/support/fake_gateway.h"
#include "ui/panes/cache/cache_pane.h"
#include "ui/panes/cache/route_modes.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/segmented_control.h"

#include <QApplication>
#include <QDialog>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTableView>

using namespace Qt::StringLiterals;

namespace tests {

void shootCache(const QDir &folder, FakeGateway &gateway, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live)
{
    auto *pane = qobject_cast<ui::cache::CachePane *>(window.pane(u"cache"_s));
    if (!pane)
        return;
    using Page = ui::cache::CachePane::Page;
    const auto save = [&](const QString &name) {
        live(400);
        window.grab().save(folder.filePath(u"cache-%1-%2.png"_s.arg(name, suffix)));
        for (QDialog *dialog : window.findChildren<QDialog *>())
            if (dialog->isVisible())
                dialog->grab().save(folder.filePath(u"cache-%1-dialog-%2.png"_s.arg(name, suffix)));
    };
    const auto press = [&](QWidget *target, int key) {
        QKeyEvent down(QEvent::KeyPress, key, Qt::NoModifier);
        QCoreApplication::sendEvent(target, &down);
    };
    gateway.setConfig(cachingConfig());
    for (const auto &[page, name] : {std::pair {Page::Traffic, u"savings"_s}, {Page::Entries, u"answers"_s}, {Page::Review, u"likeness"_s}, {Page::Settings, u"settings"_s}}) {
        pane->setPage(page);
        save(name);
    }
    if (auto *modes = pane->findChild<QTableView *>(u"cache.modes"_s)) {
        modes->model()->setData(modes->model()->index(2, ui::cache::RouteModes::Share), 2);
        modes->model()->setData(modes->model()->index(2, ui::cache::RouteModes::Mode), 1);
        modes->edit(modes->model()->index(2, ui::cache::RouteModes::Mode));
    }
    if (auto *way = pane->findChild<ui::widgets::SegmentedControl *>(u"cache.semantic.way"_s))
        way->setCurrent(2);
    if (auto *bytes = pane->findChild<QLineEdit *>(u"cache.exact.bytes"_s)) {
        bytes->setText(u"much"_s);
        Q_EMIT bytes->textEdited(bytes->text());
    }
    save(u"edited"_s);
    pane->setPage(Page::Review);
    live(200);
    for (int i = 0; i < 4; ++i)
        press(pane->findChild<QWidget *>(u"cache.likeness"_s), Qt::Key_Right);
    save(u"moved"_s);
    pane->setPage(Page::Entries);
    live(200);
    pane->findChild<QTableView *>(u"cache.entries"_s)->selectRow(2);
    if (auto *evict = pane->findChild<QAbstractButton *>(u"cache.evict"_s))
        evict->click();
    save(u"evict"_s);
    for (QDialog *dialog : window.findChildren<QDialog *>()) {
        dialog->hide(); // takes its shade off the window
        delete dialog;
    }
    if (auto *revert = pane->findChild<QAbstractButton *>(u"cache.revert"_s))
        revert->click();
    gateway.cache().setMood(FakeCacheTools::Mood::Failing);
    for (const auto &[page, name] : {std::pair {Page::Entries, u"answers-failing"_s}, {Page::Review, u"likeness-failing"_s}}) {
        pane->setPage(Page::Settings);
        pane->setPage(page);
        save(name);
    }
    gateway.cache().setMood(FakeCacheTools::Mood::Empty);
    for (const auto &[page, name] : {std::pair {Page::Traffic, u"savings-empty"_s}, {Page::Entries, u"answers-empty"_s}, {Page::Review, u"likeness-empty"_s}}) {
        pane->setPage(Page::Settings);
        pane->setPage(page);
        save(name);
    }
    auto off = *gateway.config();
    for (auto &route : off.routes)
        route.cache.reset();
    gateway.setConfig(off);
    save(u"off"_s);
}

} // namespace tests
