// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/prompt_results.h"
#include "ui/bridge/config_draft.h"
#include "ui/panes/pane.h"
#include "ui/panes/prompts/prompt_book.h"

#include <QTimer>

class QSplitter;
class QStackedWidget;

namespace ui::widgets {
class Button;
class EmptyState;
class Label;
class Panel;
class SearchField;
class StateLabel;
class TabStrip;
}

namespace ui::panes {
class DraftFooter;
}

namespace ui::prompts {

class DiffCard;
class ExperimentPage;
class Playground;
class PromptBar;
class PromptTree;
class TestsPage;
class VersionEditor;
class VersionList;

/// Prompts kept like code: folders, versions that never change, labels that move; an editor that writes the next version, what
/// differs, and a playground; test sets, and experiments. What is done with prompts: prompts_actions.cpp; test sets and
/// experiments: prompts_setup.cpp.
class PromptsPane final : public panes::Pane
{
    Q_OBJECT
public:
    enum Mode { Write, Tests, Experiment };

    explicit PromptsPane(const panes::PaneContext &context, QWidget *parent = nullptr);
    ~PromptsPane() override;

    [[nodiscard]] QString title() const override { return tr("Prompts"); }
    QList<panes::PaletteEntry> paletteEntries() override;
    /// A prompt's name, or "call:" and the id of a call that a prompt is to be made of.
    void openItem(const QString &item) override;
    void focusSearch() override;
    [[nodiscard]] QWidget *focusTarget() const override;
    [[nodiscard]] Mode mode() const;
    void setMode(Mode mode);

protected:
    void activated() override;
    void deactivated() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    // Building.
    QWidget *makeTree();
    QWidget *makeVersions();
    QWidget *makeRight();
    QWidget *makeWriting();
    void setUpShortcuts();
    void connectBar();
    void connectParts();
    void connectSetup();

    // What is shown.
    void refreshTree();
    void refreshAll();
    void refreshVersion();       ///< the editor, the diff and the playground
    void refreshBar();
    void refreshLabels();
    void refreshRoutes();
    void refreshSetup();         ///< test sets and the experiment
    void showMode();
    void choosePrompt(const std::string &identity);
    void chooseVersion(std::int64_t number);
    void showDiff(bool open);
    void arrange();              ///< by the room there is
    void askFigures();
    [[nodiscard]] const Prompt *prompt() const;
    /// Which is shown: the one that is being written, a stored one; null: there is no prompt.
    [[nodiscard]] const PromptVersion *version() const;
    [[nodiscard]] bool showsWriting() const;
    [[nodiscard]] bool locked() const;
    [[nodiscard]] QString saveBlock() const; ///< why what is written cannot be saved now
    void onWritten(const std::string &identity);

    // Actions.
    void edit(const QString &what, const PromptBook::Change &change, const QString &merge);
    void save();
    void discard();
    void undo();
    void redo();
    void newPrompt();
    void importCall(const QString &callId = {});
    void saveSetup();
    void runOrStop();
    void rename();
    void duplicate();
    void copyJson();
    void removePrompt();
    void moveLabel();
    void putLabel(const QString &label, std::int64_t version);
    void takeLabel(const QString &label);
    void useInCode();
    void addFresh(const std::string &name, const std::string &folder, const PromptVersion &first);
    /// Changes what is live at once, with a toast whose undo makes the other change.
    void applyNow(const QString &text, const std::function<void(gateway::config::Config &)> &change, const std::function<void(gateway::config::Config &)> &back);

    PromptBook m_book;
    bridge::ConfigDraft m_setup; ///< test sets and experiments, of all prompts
    std::string m_identity;
    std::int64_t m_begunAt = 0;  ///< the version that was shown when the next one was begun
    std::int64_t m_shown = 0;    ///< a stored version's number; 0: the one that is being written
    std::vector<gateway::PromptFigures> m_figures;
    QString m_figuresProblem;
    std::string m_figuresOf;     ///< the prompt whose they are
    std::unique_ptr<QObject> m_figuresQuestion;
    bool m_treeWrites = false;   ///< whether the tree says that the chosen prompt is being written
    QString m_fileOwner;
    QTimer m_timer;

    PromptBar *m_bar;
    PromptTree *m_tree;
    VersionList *m_versions;
    VersionEditor *m_editor;
    DiffCard *m_diff;
    Playground *m_playground = nullptr;
    TestsPage *m_tests;
    ExperimentPage *m_experiment;
    panes::DraftFooter *m_footer;
    widgets::TabStrip *m_modeTabs;
    QStackedWidget *m_pages, *m_treePages, *m_modes;
    QSplitter *m_texts, *m_halves;
    widgets::Panel *m_treePanel = nullptr, *m_versionPanel = nullptr;
    widgets::SearchField *m_search;
    widgets::EmptyState *m_empty, *m_noMatch;
    widgets::Label *m_unit, *m_labelWords;
    widgets::StateLabel *m_trouble;
    widgets::Button *m_moveLabel;
};

} // namespace ui::prompts
