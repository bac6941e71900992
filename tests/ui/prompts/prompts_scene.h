// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/pane_scene.h"
#include "ui/panes/prompts/prompt_tree.h"
#include "ui/panes/prompts/prompts_pane.h"
#include "ui/panes/prompts/run_card.h"
#include "ui/panes/prompts/template_edit.h"
#include "ui/panes/prompts/version_list.h"

#include <QApplication>
#include <QDialog>
#include <QPlainTextEdit>

#include <algorithm>

namespace tests {

using namespace Qt::StringLiterals;
using namespace ui::prompts;
using gateway::config::Prompt;
using gateway::config::PromptVersion;

/// The prompts pane over the pictures' gateway, shown, with the keys and a prompt chosen.
struct PromptsScene : PaneScene<PromptsPane>
{
    explicit PromptsScene(FakeGateway::Scene scene = FakeGateway::Scene::Full, const QString &prompt = u"summarise-ticket"_s) : PaneScene(u"prompts"_s, scene) { pane.openItem(prompt); }

    QDialog *dialog(const QString &name) const { return pane.findChild<QDialog *>(u"prompts."_s + name); }
    QAbstractButton *button(const QString &name) const { return part<QAbstractButton>(name); }
    TemplateEdit *text(int message) const { return part<TemplateEdit>(u"message.%1.text"_s.arg(message)); }
    VersionList *versions() const { return part<VersionList>(u"versions"_s); }
    PromptTree *tree() const { return part<PromptTree>(u"tree"_s); }
    RunCard *card(int index) const { return part<RunCard>(u"run.%1"_s.arg(index)); }
    QString cardText(int index) const { return part<QPlainTextEdit>(u"run.%1.text"_s.arg(index))->toPlainText(); }
    QVariant row(int row, int role) const { return versions()->item(row)->data(role); }
    const Prompt &stored(const std::string &name = "summarise-ticket") const
    {
        const auto &prompts = gateway.config()->prompts;
        const auto found = std::ranges::find(prompts, name, &Prompt::name);
        if (found == prompts.end())
            qFatal("there is no such prompt");
        return *found;
    }
    std::int64_t labelled(const std::string &label) const
    {
        for (const PromptVersion &version : stored().versions)
            if (std::ranges::find(version.labels, label) != version.labels.end())
                return version.version;
        return 0;
    }
    /// At the end of a message's text.
    void type(int message, const QString &words) const
    {
        TemplateEdit *edit = text(message);
        edit->setFocus();
        edit->moveCursor(QTextCursor::End);
        QTest::keyClicks(edit, words);
    }
    void press(int key, Qt::KeyboardModifiers modifiers) const
    {
        auto *window = const_cast<PromptsPane *>(&pane);
        if (!QApplication::activeModalWidget() && !pane.isActiveWindow()) { // no window manager does it when a dialog is gone
            window->activateWindow();
            QVERIFY(QTest::qWaitForWindowActive(window));
        }
        QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : window, static_cast<Qt::Key>(key), modifiers);
    }
    void fill(const QString &name, const QString &value) const
    {
        auto *field = part<QWidget>(u"form."_s + name);
        QVERIFY2(field, qPrintable(name));
        if (auto *box = qobject_cast<QComboBox *>(field)) {
            box->setCurrentIndex(box->findData(value));
            Q_EMIT box->activated(box->currentIndex());
            return;
        }
        field->setFocus();
        QTest::keyClicks(field, value);
    }
    void fillAll() const
    {
        for (const auto &[name, value] : {std::pair {u"language"_s, u"English"_s}, {u"max_words"_s, u"40"_s}, {u"ticket_id"_s, u"TCK-482910"_s}, {u"customer_tier"_s, u"pro"_s}, {u"text"_s, u"The scanner app closes."_s}})
            fill(name, value);
    }
};

} // namespace tests
