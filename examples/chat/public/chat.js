// The page's side of the chat: it joins, shows what comes, and joins again after a reconnection.
"use strict";

const $ = (id) => document.getElementById(id);
const socket = io();
let me = null;  // { name, room } once joined

// ---- the connection

function showBanner(text, kind = "busy") {
  $("banner").textContent = text;
  $("banner").className = kind;
  $("banner").hidden = !text;
  for (const button of document.querySelectorAll("button")) button.disabled = !socket.connected;
}

socket.on("connect", () => {
  showBanner("");
  if (me) enter(me.name, me.room);
});
socket.on("disconnect", () => {
  typists.clear();
  showTypists();
  showBanner("Connection lost. Reconnecting…");
  if (!socket.active) socket.connect();  // the server ended it: come back all the same
});
socket.on("connect_error", () => showBanner("The server cannot be reached. Trying again…", "bad"));
showBanner("Connecting…");

// ---- joining and changing the room

function enter(name, room) {
  const isNew = !me || me.room !== room;
  socket.emit("join", name, room, (accepted) => {
    if (!accepted) return showBanner("The server did not accept this name or room.", "bad");
    me = { name, room };
    showBanner("");
    $("welcome").hidden = true;
    $("chat").hidden = false;
    $("room").textContent = room;
    $("me").replaceChildren(avatar(name), name);
    document.title = `#${room} · sio chat`;
    if (isNew) $("log").replaceChildren();
    addNotice(isNew ? `Welcome to #${room}` : "You are back");
    $("text").focus();
  });
}

$("join").addEventListener("submit", (event) => {
  event.preventDefault();
  const [name, room] = [$("name").value.trim(), $("first-room").value.trim()];
  if (name && room) enter(name, room);
});

$("change").addEventListener("submit", (event) => {
  event.preventDefault();
  const room = $("other-room").value.trim();
  $("other-room").value = "";
  if (room && room !== me.room) enter(me.name, room);
});

socket.on("joined", (name) => addNotice(`${name} joined`));
socket.on("left", (name) => addNotice(`${name} left`));
socket.on("members", (names) => {
  $("count").textContent = names.length;
  names.sort((a, b) => a.localeCompare(b));
  $("members").replaceChildren(...names.map((name) => element("li", "", avatar(name), element("span", "name", name))));
});

// ---- messages

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function avatar(name) {
  let hash = 2166136261;
  for (const c of name) hash = Math.imul(hash ^ c.codePointAt(0), 16777619) >>> 0;
  const made = element("span", "avatar", [...name][0].toUpperCase());
  made.style.setProperty("--hue", (hash >>> 8) % 360);
  made.setAttribute("aria-hidden", "true");
  return made;
}

function addToLog(item) {
  const log = $("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  log.append(item);
  while (log.children.length > 500) log.firstChild.remove();
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function addNotice(text) {
  addToLog(element("li", "notice", text));
}

function addMessage(id, name, text) {
  const last = $("log").lastElementChild;
  const follows = last?.dataset.from === id;
  const now = new Date();
  const time = element("time", "", now.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
  time.dateTime = now.toISOString();
  const author = element("p", follows ? "unseen" : "author", element("b", "", name), " ", time);
  const item = element("li", "message", avatar(name), element("div", "bubble", author, element("p", "text", text)));
  item.dataset.from = id;
  item.classList.toggle("follows", follows);
  item.classList.toggle("mine", id === socket.id);
  addToLog(item);
}

socket.on("message", (id, name, text) => {
  forgetTypist(id);
  addMessage(id, name, text);
});

$("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text || !socket.connected) return;
  socket.emit("message", text);
  $("text").value = "";
  tellTyping(false);
});

// ---- who is typing

const typists = new Map();  // socket id -> { name, timer }
let saidTyping = false;
let pause;

function tellTyping(now) {
  clearTimeout(pause);
  if (now) pause = setTimeout(() => tellTyping(false), 3000);
  if (now === saidTyping || !socket.connected) return;
  saidTyping = now;
  socket.emit("typing", now);
}

function forgetTypist(id) {
  clearTimeout(typists.get(id)?.timer);
  typists.delete(id);
  showTypists();
}

function showTypists() {
  const names = [...typists.values()].map((typist) => typist.name);
  const who = names.length > 3 ? "Several people" : names.join(names.length > 2 ? ", " : " and ");
  $("typing").textContent = who && `${who} ${names.length === 1 ? "is" : "are"} typing…`;
}

$("text").addEventListener("input", () => tellTyping($("text").value !== ""));
socket.on("typing", (id, name, now) => {
  forgetTypist(id);
  if (now) typists.set(id, { name, timer: setTimeout(forgetTypist, 6000, id) });
  showTypists();
});
