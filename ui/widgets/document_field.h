// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace ui::widgets {

class Button;

/// Takes a text document: a file dropped on it or chosen, or text pasted into it. Never shows the text, but what its owner
/// says of it (setContent). Delete takes it out again. GUI thread; reads files of at most 64 KB.
class DocumentField final : public QWidget
{
    Q_OBJECT
public:
    /// @param invitation  "Drop the JSON file, or paste its text"
    explicit DocumentField(const QString &invitation, QWidget *parent = nullptr);

    /// What is said of the present document; an empty title: none is given.
    void setContent(const QString &title, const QString &note);
    [[nodiscard]] bool empty() const { return m_title.isEmpty(); }
    void setEditable(bool editable);

    [[nodiscard]] QSize sizeHint() const override { return {320, 56}; }

Q_SIGNALS:
    void given(const QString &text);
    void cleared();
    void refused(const QString &why); ///< a file that cannot be read, or is too large for what it should be

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void chooseFile();
    void readFile(const QString &path);
    void take(const QString &text);

    QString m_invitation, m_title, m_note;
    Button *m_choose;
    bool m_editable = true;
    bool m_hovered = false; ///< something that it takes is held over it
};

} // namespace ui::widgets
