// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/prompt_shots.h"

#include "ui/shell/main_window.h"
#include "ui/widgets/tab_strip.h"

#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTableView>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tests {
namespace {

void click(QWidget &window, const QString &name)
{
    if (auto *button = window.findChild<QAbstractButton *>(u"prompts."_s + name))
        button->click();
}

void choose(QWidget &window, const QString &name, const QString &value)
{
    auto *box = window.findChild<QComboBox *>(u"prompts."_s + name);
    if (!box)
        return;
    box->setCurrentIndex(std::max(0, box->findData(value)));
    Q_EMIT box->activated(box->currentIndex());
}

void type(QWidget &window, const QString &name, const QString &value)
{
    auto *field = window.findChild<QWidget *>(u"prompts.form."_s + name);
    if (auto *text = qobject_cast<QPlainTextEdit *>(field)) {
        text->setPlainText(value);
    } else if (auto *line = qobject_cast<QLineEdit *>(field)) {
        line->setText(value);
        Q_EMIT line->textEdited(value);
    }
}

void closeDialogs(QWidget &window)
{
    for (QDialog *dialog : window.findChildren<QDialog *>()) {
        dialog->hide(); // takes its shade off the window
        delete dialog;
    }
}

} // namespace

void shootPrompts(const QDir &folder, ui::shell::MainWindow &window, const QString &suffix, const std::function<void(int)> &live)
{
    const auto save = [&](const QString &name) {
        live(250);
        window.grab().save(folder.filePath(u"prompts-%1-%2.png"_s.arg(name, suffix)));
    };
    window.openPane(u"prompts"_s, u"summarise-ticket"_s);
    click(window, u"playground.run"_s);
    save(u"missing"_s);
    type(window, u"language"_s, u"English"_s);
    type(window, u"max_words"_s, u"40"_s);
    type(window, u"ticket_id"_s, u"TCK-482910"_s);
    choose(window, u"form.customer_tier"_s, u"pro"_s);
    type(window, u"text"_s, u"The scanner app closes after the update. Reinstalling and a new login did not help."_s);
    choose(window, u"run.1.route"_s, u"smart"_s);
    click(window, u"playground.run"_s);
    click(window, u"diff.open"_s);
    save(u"run"_s);
    click(window, u"diff.open"_s);
    auto *tabs = window.findChild<ui::widgets::TabStrip *>(u"prompts.editor.tabs"_s);
    for (int tab = 1; tabs && tab < 4; ++tab) {
        tabs->setCurrent(tab);
        save(u"tab%1"_s.arg(tab));
    }
    if (tabs)
        tabs->setCurrent(0);
    if (auto *text = window.findChild<QPlainTextEdit *>(u"prompts.message.0.text"_s))
        text->appendPlainText(u"Be kind. {{#open}}"_s);
    save(u"written"_s);
    click(window, u"discard"_s);
    for (const auto &[button, name] : {std::pair {u"moveLabel"_s, u"label"_s}, {u"code.open"_s, u"code"_s}}) {
        click(window, button);
        save(name);
        closeDialogs(window);
    }
    if (auto *import = window.findChild<QAction *>(u"prompts.new.call"_s)) {
        import->trigger();
        live(300);
        if (auto *calls = window.findChild<QTableView *>(u"prompts.import.calls"_s); calls && calls->model()->rowCount() > 0)
            calls->setCurrentIndex(calls->model()->index(1, 0));
        save(u"import"_s);
        closeDialogs(window);
    }
    window.openPane(u"prompts"_s, u"commit-summary"_s);
    save(u"file"_s);
}

} // namespace tests
